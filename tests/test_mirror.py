"""`tests/` mirrors the code: a module's tests are at the same path, and the other way round."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

# The packages whose tests mirror them.
PACKAGES = ["bbs", "bbs_project", "compare", "pytest_stripe_sandbox", "stripe_sandbox", "stripe_scan"]
# Files for what belongs to no single module, by the name that people look for.
WIDE = {"test_recorded.py"}
# Folders for what belongs to no single module: stories, and what needs a browser.
STORIES = {"stories", "browser"}
# Packages whose modules are variants of one another: one file of tests, that of the package, runs them all.
VARIANTS = {"rungs"}
# Another project, in the states that the migration guide shows: it is tested as a whole, by tests of its own.
GUIDE = Path("migrate/shop")
# Django runs it before the first test.
STARTS_THE_APP = "apps.py"


def place_of_tests(module: Path) -> Path:
    """Return where the tests of a module are; those of a package are beside its folder, under its name."""
    if module.name == "__init__.py":
        module = module.parent.with_suffix(".py")
    return module.with_name(f"test_{module.name}")


def modules(package: str) -> list[Path]:
    """Return the modules of a package, relative to it."""
    folder = settings.BASE_DIR / package
    found = (path.relative_to(folder) for path in folder.rglob("*.py"))
    return sorted(
        path
        for path in found
        if (path.parent.name != "migrations" or path.name == "__init__.py") and not path.is_relative_to(GUIDE)
    )


def defines_something(path: Path) -> bool:
    """Return whether there is logic in a module: a function or a method of its own."""
    if path.name == STARTS_THE_APP or path.parent.name in VARIANTS:
        return False
    return re.search(r"^\s*(async )?def ", path.read_text(encoding="utf-8"), re.MULTILINE) is not None


@pytest.mark.parametrize("package", PACKAGES)
def test_each_file_of_tests_has_a_module_or_is_of_stories(package: str) -> None:
    folder = settings.BASE_DIR / "tests" / package
    mirrored = {place_of_tests(module) for module in modules(package) if module != Path("__init__.py")}
    files = [path.relative_to(folder) for path in folder.rglob("test_*.py")]

    assert files
    assert [
        str(path)
        for path in files
        if path not in mirrored and path.name not in WIDE and not STORIES.intersection(path.parts)
    ] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_each_module_with_logic_has_its_tests(package: str) -> None:
    tests = settings.BASE_DIR / "tests" / package
    with_logic = [module for module in modules(package) if defines_something(settings.BASE_DIR / package / module)]

    assert with_logic
    without_tests = [str(module) for module in with_logic if not (tests / place_of_tests(module)).is_file()]
    assert without_tests == []


def test_no_test_takes_its_helpers_from_another_test() -> None:
    imports = re.compile(r"^(?:from|import) (tests\.[\w.]*\b(?:test_\w+|conftest))\b", re.MULTILINE)
    tests = settings.BASE_DIR / "tests"

    found = {path: imports.findall(path.read_text(encoding="utf-8")) for path in tests.rglob("*.py")}

    assert {str(path.relative_to(tests)): names for path, names in found.items() if names} == {}
