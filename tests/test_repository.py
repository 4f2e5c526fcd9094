"""The files by which other tools know the project: they say the same as `requirements*.txt`, and are well formed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SCHEMAS = {
    ".github/workflows/checks.yml": "vendor.github-workflows",
    "deploy/compose.yaml": "vendor.compose-spec",
}


def required(name: str) -> list[str]:
    """Return the requirements that a file lists itself."""
    lines = (re.sub(r"\s*(#.*)?$", "", line) for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("-r ")]


def command(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def run(*words: str, folder: Path = ROOT) -> None:
    """Run a program; fail the test with what it printed if it fails."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "VIRTUAL_ENV"))}
    done = subprocess.run(
        words, cwd=folder, env=clean | {"DJANGO_ENV_FILE": os.devnull}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("extra", "file"), [("site", "requirements.txt"), ("dev", "requirements-dev.txt")])
def test_an_extra_lists_what_its_requirement_file_lists(extra: str, file: str) -> None:
    assert PROJECT["project"]["optional-dependencies"][extra] == required(file)


def test_the_hooks_use_the_linters_of_the_checks() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    named = re.findall(r'additional_dependencies: \["(.+)"\]', hooks)

    assert len(named) == hooks.count("- id:") > 0
    assert set(named) <= set(required("requirements-dev.txt"))


@pytest.mark.parametrize(("file", "schema"), SCHEMAS.items(), ids=SCHEMAS)
def test_a_file_for_another_program_is_well_formed(file: str, schema: str) -> None:
    run(command("check-jsonschema"), f"--builtin-schema={schema}", file)


def test_a_mistake_in_the_workflow_would_be_noticed(tmp_path: Path) -> None:
    wrong = (ROOT / ".github/workflows/checks.yml").read_text(encoding="utf-8").replace("runs-on:", "runs_on:")
    (tmp_path / "checks.yml").write_text(wrong, encoding="utf-8")

    with pytest.raises(AssertionError, match="runs-on"):
        run(command("check-jsonschema"), "--builtin-schema=vendor.github-workflows", str(tmp_path / "checks.yml"))


@pytest.mark.matrix
def test_uv_and_pip_install_the_site_with_its_checks(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    left_out = shutil.ignore_patterns(".git", ".venv*", "*.sqlite3*", "__pycache__", ".*_cache", "bench", "docs")
    shutil.copytree(ROOT, tree, ignore=left_out)
    python = tree / ".venv/bin/python"

    run(command("uv"), "run", "--python", sys.executable, "manage.py", "check", folder=tree)
    run(command("uv"), "sync", folder=tree)
    run(sys.executable, "-c", "import run; run.make_venv = None; run.prepare('requirements.txt')", folder=tree)

    shutil.rmtree(tree / ".venv")
    run(sys.executable, "-m", "venv", ".venv", folder=tree)
    run(str(python), "-m", "pip", "install", "--quiet", "-e", ".[site,dev]", folder=tree)
    run(str(python), "manage.py", "check", folder=tree)
    run(str(python), "-m", "pytest", "--version", folder=tree)
