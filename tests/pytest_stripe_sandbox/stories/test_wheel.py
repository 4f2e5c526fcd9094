"""What `pip install` makes of this repository: the sandbox and the plugin, and nothing of the site."""

from __future__ import annotations

import ast
import configparser
import json
import re
import sys
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest
from django.conf import settings

from tests.pytest_stripe_sandbox.stage import COMMAND, environment, outcomes, run, unpacked, wheel

PROJECT = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# The names by which packages are imported, where they are not those by which they are installed.
IMPORTED = {"django": "Django", "babel": "Babel"}
# What a process knows once it has the plugin: pytest, and what pytest itself needs.
PYTESTS_OWN = {"pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "py", "exceptiongroup", "tomli"}
LOADED = """
import sys
before = set(sys.modules)
import pytest, pytest_stripe_sandbox.plugin
print(*sorted({name.partition(".")[0] for name in set(sys.modules) - before}))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the wheel installs."""
    return unpacked(built, tmp_path_factory.mktemp("installed"))


def metadata(installed: Path, name: str) -> str:
    (folder,) = installed.glob("*.dist-info")
    return (folder / name).read_text(encoding="utf-8")


def test_it_holds_the_sandbox_the_scanner_and_the_plugin_with_all_their_files_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}

    packages = ["stripe_sandbox", "stripe_scan", "pytest_stripe_sandbox"]
    files = {path for package in packages for path in (settings.BASE_DIR / package).rglob("*") if path.is_file()}
    ours = {str(path.relative_to(settings.BASE_DIR)) for path in files if path.suffix != ".pyc"}
    assert held == ours
    kinds = {Path(name).suffix for name in held}
    assert kinds >= {".py", ".html", ".css", ".js", ".svg", ".mo"}


def test_it_requires_nothing_and_its_extra_what_the_site_runs_on(installed: Path) -> None:
    written = message_from_string(metadata(installed, "METADATA")).get_all("Requires-Dist")
    required = (settings.BASE_DIR / "requirements.txt").read_text(encoding="utf-8")
    versions = {re.sub(r"\s*(#.*)?$", "", line) for line in required.splitlines()}

    assert [line for line in written if "extra == " not in line] == []
    assert [line for line in PROJECT["optional-dependencies"]["sandbox"] if line not in versions] == []
    assert "dependencies" not in PROJECT


def test_the_extra_names_each_package_that_the_sandbox_imports_and_no_other() -> None:
    code = (settings.BASE_DIR / "stripe_sandbox").rglob("*.py")
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in code]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    # Its settings name the middleware.
    packages = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"stripe_sandbox"} | {
        "whitenoise"
    }

    extra = {re.match(r"[\w-]+", line)[0] for line in PROJECT["optional-dependencies"]["sandbox"]}
    assert {IMPORTED.get(name, name) for name in packages} == extra


def test_it_has_the_command_and_the_plugin(installed: Path) -> None:
    points = configparser.ConfigParser()
    points.read_string(metadata(installed, "entry_points.txt"))

    assert dict(points["console_scripts"]) == {
        "stripe-sandbox": "stripe_sandbox.__main__:main",
        "stripe-scan": "stripe_scan.__main__:main",
    }
    assert dict(points["pytest11"]) == {"stripe_sandbox": "pytest_stripe_sandbox.plugin"}


def test_the_plugin_needs_the_standard_library_and_pytest_alone(installed: Path, tmp_path: Path) -> None:
    done = run(sys.executable, "-c", LOADED, folder=tmp_path, **environment(tmp_path, installed))

    loaded = set(done.stdout.split())
    assert "pytest_stripe_sandbox" in loaded
    assert loaded - PYTESTS_OWN - sys.stdlib_module_names == {"pytest_stripe_sandbox"}


def test_pytest_finds_the_plugin_by_itself(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it(stripe_sandbox): assert stripe_sandbox.api_base\n")
    variables = environment(tmp_path, installed, STRIPE_SANDBOX_COMMAND=COMMAND)
    del variables["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]

    done = run(
        sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:django", folder=tmp_path, **variables
    )

    assert outcomes(done.stdout) == {"passed": 1}, done.stdout


def test_the_command_serves_what_is_installed(installed: Path, tmp_path: Path) -> None:
    code = "from stripe_sandbox.__main__ import main; main()"
    command = [sys.executable, "-c", code, "--port=0", "--until-stdin-ends", "--deliveries=manual"]

    done = run(*command, folder=tmp_path, **environment(tmp_path, installed))

    assert done.returncode == 0
    assert done.stdout.startswith("Stripe sandbox   http://127.0.0.1:")


def test_the_scanner_scans_from_what_is_installed(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("stripe==2.42.0\n")

    done = run(sys.executable, "-m", "stripe_scan", ".", "--json", folder=tmp_path, **environment(tmp_path, installed))

    assert done.returncode == 1, done.stderr
    assert [finding["rule"] for finding in json.loads(done.stdout)["findings"]] == ["sdk-pin"]
