"""The sandbox in a process of its own, and the shop without the folders of the others."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.bbs_project.stage import LEFT_BEHIND, Fork, Server, clean_environment, files_of_the_tree


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The sandbox as a server of its own, which hands out its events and posts none."""
    database = tmp_path_factory.mktemp("stripe") / "sandbox.sqlite3"
    environment = clean_environment() | {"DJANGO_ENV_FILE": os.devnull, "DJANGO_SECRET_KEY": "a test's"}
    options = ["--port=0", f"--database={database}", "--deliveries=manual"]
    server = Server.start(settings.BASE_DIR, environment, "dashboard", "sandbox", *options)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def fork(sandbox: Server, tmp_path_factory: pytest.TempPathFactory) -> Fork:
    """The shop alone, in a folder of its own."""
    folder = tmp_path_factory.mktemp("shop")
    for path in files_of_the_tree():
        if not any(path.is_relative_to(name) for name in LEFT_BEHIND):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(settings.BASE_DIR / path, folder / path)
    return Fork(folder, sandbox.value("Stripe sandbox"), sandbox.value("webhook secret"))
