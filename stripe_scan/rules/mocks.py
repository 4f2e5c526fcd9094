"""Tests that put a mock in the place of stripe-python."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading.python import PythonFile
from stripe_scan.rules import finds
from stripe_scan.rules.charges import name_of

PATCHES = {"patch", "object", "multiple", "setattr", "stub", "spy", "patch_object"}
MOCKS = {"Mock", "MagicMock", "AsyncMock", "patch", "stub"}


@finds("python", "test-mock")
def mocked(file: PythonFile) -> Iterator[Hit]:
    for node in file.of(ast.Call):
        if name_of(node.func) in PATCHES and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant):
                is_stripes = isinstance(first.value, str) and "stripe" in first.value.split(".")
            else:
                is_stripes = file.kind(first).startswith("stripe")
            if is_stripes:
                yield Hit(node.lineno, "test-mock")
    for one in file.of(ast.Assign):
        if isinstance(one.value, ast.Call) and name_of(one.value.func) in MOCKS:
            for target in one.targets:
                if isinstance(target, ast.Attribute) and file.kind(target).startswith("stripe."):
                    yield Hit(one.lineno, "test-mock")
