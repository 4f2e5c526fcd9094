"""Small projects under tests of their own, run by a pytest of their own, with the packages that are to be there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

PROJECTS = Path(__file__).parent / "stories" / "projects"
# The sandbox of this tree, as a command that has no need of being installed, and that keeps nothing in the tree.
COMMAND = f"env DJANGO_SECRET_KEY=x DJANGO_ENV_FILE={os.devnull} {sys.executable} {settings.BASE_DIR}/manage.py sandbox"
# A pytest of its own, with the plugins that it is given.
PYTEST = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]


def environment(folder: Path, *packages: Path, **more: str) -> dict[str, str]:
    """Return an environment in which Python finds these folders of packages first."""
    path = os.pathsep.join(map(str, packages))
    ours = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    return {**ours, "LC_ALL": "C.UTF-8", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **more}


def run(*command: object, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, with these variables alone."""
    words = [str(word) for word in command]
    return subprocess.run(
        words,
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


def project(name: str, folder: Path) -> Path:
    """Copy one of the projects, so that its settings and caches are its own."""
    return Path(shutil.copytree(PROJECTS / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")))


def outcomes(printed: str) -> dict[str, int]:
    """Return how many tests passed, failed, and so on, as pytest's last line says."""
    last = printed.strip().rpartition("\n")[2].partition(" in ")[0]
    return {word: int(count) for count, word in re.findall(r"(\d{1,6}) ([a-z]{1,20})", last)}


def wheel(folder: Path) -> Path:
    """Build the wheel of this repository."""
    command = [sys.executable, "-m", "hatchling", "build", "--target=wheel", f"--directory={folder}"]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def unpacked(built: Path, folder: Path) -> Path:
    """Return a folder that holds what a wheel installs: one without compiled parts is but unpacked."""
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder)
    return folder


def pip(*words: object) -> None:
    """Run pip without compiling what is used once; a failure shows what it said."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, words), "--quiet", "--no-compile"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        pytest.fail(f"`{' '.join(command)}` failed:\n{done.stdout}", pytrace=False)
