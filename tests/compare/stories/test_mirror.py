"""Who changes a module of the comparison pages finds its tests under its name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings

CODE, TESTS = settings.BASE_DIR / "compare", Path(__file__).parent.parent
MODULES = [
    path.relative_to(CODE)
    for path in sorted(CODE.rglob("*.py"))
    if "migrations" not in path.parts
    and any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
]


def namesake(module: Path) -> Path:
    """Return where the tests of a module are; those of a package are beside its folder."""
    place = module.parent if module.name == "__init__.py" else module
    return TESTS / place.parent / f"test_{place.stem}.py"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_each_module_with_a_function_has_a_namesake_here(module: Path) -> None:
    text = namesake(module).read_text(encoding="utf-8")

    assert any(isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in ast.parse(text).body)


def test_each_test_here_has_its_module() -> None:
    code = {namesake(path.relative_to(CODE)) for path in CODE.rglob("*.py")}
    elsewhere = {TESTS / "test_migrations.py", *(TESTS / "stories").glob("test_*.py")}

    assert set(TESTS.rglob("test_*.py")) - elsewhere - code == set()
