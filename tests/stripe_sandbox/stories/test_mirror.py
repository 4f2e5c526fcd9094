"""Who changes a module of the sandbox finds its tests under its name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings

CODE, TESTS = settings.BASE_DIR / "stripe_sandbox", Path(__file__).parent.parent
MODULES = [
    path.relative_to(CODE)
    for path in sorted(CODE.rglob("*.py"))
    if "migrations" not in path.parts
    and any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
]


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_each_module_with_a_function_has_a_namesake_here(module: Path) -> None:
    place = module.parent if module.name == "__init__.py" else module
    folder = Path(str(place.parent).replace("management/commands", "management"))

    assert (TESTS / folder / f"test_{place.stem}.py").exists()
