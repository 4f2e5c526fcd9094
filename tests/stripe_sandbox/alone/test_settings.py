"""The settings of the sandbox alone: read from variables, in a process that has no others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as ours

SHOWN = """
import json
from stripe_sandbox.alone import settings
print(json.dumps({name: value for name, value in vars(settings).items() if name.isupper()}))
"""


def settings_with(folder: Path, **variables: str) -> dict[str, Any]:
    command = [sys.executable, "-c", SHOWN]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ours.BASE_DIR), **variables}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=folder)
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_without_any_variable_only_this_machine_reaches_it(tmp_path: Path) -> None:
    found = settings_with(tmp_path)

    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert found["STRIPE_SANDBOX"] == {
        "ALONE": True,
        "CARD_TOKENS": "on",
        "WEBHOOK_SECRET": "",
        "WEBHOOK_ALLOW": [],
    }
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("variable", "value", "setting", "read"),
    [
        ("DJANGO_ALLOWED_HOSTS", "a.example, b.example,", "ALLOWED_HOSTS", ["a.example", "b.example"]),
        ("DJANGO_LANGUAGE_CODE", " ja ", "LANGUAGE_CODE", "ja"),
        ("DJANGO_TIME_ZONE", "Europe/Berlin", "TIME_ZONE", "Europe/Berlin"),
        ("DJANGO_TIME_ZONE", "", "TIME_ZONE", "Asia/Tokyo"),
    ],
)
def test_variables_of_the_site_mean_the_same_here(
    tmp_path: Path, variable: str, value: str, setting: str, read: Any
) -> None:
    assert settings_with(tmp_path, **{variable: value})[setting] == read


def test_the_sandboxs_own_variables_are_read(tmp_path: Path) -> None:
    found = settings_with(
        tmp_path,
        STRIPE_SANDBOX_DATABASE="/x/y.sqlite3",
        STRIPE_SANDBOX_WEBHOOK_ALLOW="shop.internal,10.0.0.0/8",
        STRIPE_WEBHOOK_SECRET="whsec_new,whsec_old",
    )

    assert found["DATABASES"]["stripe_sandbox"]["NAME"] == "/x/y.sqlite3"
    assert found["STRIPE_SANDBOX"]["WEBHOOK_ALLOW"] == ["shop.internal", "10.0.0.0/8"]
    assert found["STRIPE_SANDBOX"]["WEBHOOK_SECRET"] == "whsec_new"
