"""The plugin in projects that stay on old releases: each tests itself against a sandbox in an environment of its own.

pip installs all of it from its index, which takes a minute: only with `run.py test --all`.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pytest_stripe_sandbox.stage import environment, outcomes, pip, project, run, wheel

pytestmark = pytest.mark.matrix

# The first does not import on Pythons newer than 3.11.
STRIPES = [
    *(["2.76.0"] if sys.version_info < (3, 12) else []),
    "5.5.0",
    "8.11.0",
    "13.2.0",
    "15.0.0",
    "15.6.2",
    "16.1.0",
]
DJANGO = "Django==4.1.13"
# stripe-python before version 8 has no StripeClient, for which one test is.
SKIPPING = [("2.76.0", "plain"), ("5.5.0", "plain")]


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return what installs packages into a folder of their own."""
    folder = tmp_path_factory.mktemp("packages")

    def install(*packages: object) -> Path:
        target = folder / str(len(list(folder.iterdir())))
        pip("install", f"--target={target}", *packages)
        return target

    return install


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sandbox(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `stripe-sandbox`, installed with its extra into an environment of its own."""
    folder = tmp_path_factory.mktemp("sandbox")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    options = ["--quiet", "--disable-pip-version-check", "--no-compile"]
    subprocess.run(
        [sys.executable, "-m", "pip", f"--python={python}", "install", *options, f"{built}[sandbox]"], check=True
    )
    return folder / "bin" / "stripe-sandbox"


def test_old_projects_test_themselves(built: Path, sandbox: Path, install: Callable[..., Path], tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)
    plugin, django = install(built, "pytest", "requests", "typing_extensions"), install(DJANGO)
    came, expected = {}, {}

    for version in STRIPES:
        library = install("--no-deps", f"stripe=={version}")
        for name, packages in (("plain", [library, plugin]), ("board", [library, plugin, django])):
            folder = project(name, tmp_path / version)
            variables = environment(tmp_path, *packages, STRIPE_SANDBOX_COMMAND=str(sandbox))
            # What is compiled for one project is there for the other, and pytest finds the plugin by itself.
            variables |= {"PYTHONDONTWRITEBYTECODE": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": ""}
            command = [tmp_path / "bare" / "bin" / "python", "-m", "pytest", "-p", "no:cacheprovider"]
            done = run(*command, folder=folder, **variables)
            came[version, name] = set(outcomes(done.stdout))
            if done.returncode:
                print(done.stdout)  # noqa: T201
            expected[version, name] = {"passed", "skipped"} if (version, name) in SKIPPING else {"passed"}
            assert f"stripe {version}" in done.stdout

    assert came == expected
