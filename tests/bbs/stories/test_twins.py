"""The two flows read side by side in one sitting: short, of one shape, and what differs is Stripe."""

from __future__ import annotations

import ast
import inspect
import io
import tokenize
from types import ModuleType

import pytest

from bbs.payments import legacy, modern

FLOWS = pytest.mark.parametrize("flow", [legacy, modern], ids=["legacy", "modern"])
NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
MOST = 100


def lines_of_code(source: str) -> set[int]:
    """Return the numbers of the lines that are neither blank nor a comment nor part of a docstring."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    lines = {n for token in tokens if token.type not in NO_CODE for n in range(token.start[0], token.end[0] + 1)}
    for node in [part for part in ast.walk(ast.parse(source)) if has_docstring(part)]:
        lines -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return lines


def has_docstring(node: ast.AST) -> bool:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return isinstance(node, kinds) and ast.get_docstring(node) is not None


def functions(flow: ModuleType) -> list[ast.FunctionDef]:
    return [node for node in ast.parse(inspect.getsource(flow)).body if isinstance(node, ast.FunctionDef)]


def public_names(flow: ModuleType) -> list[str]:
    """Return the names that the module defines for others, in their order."""
    found = []
    for node in ast.parse(inspect.getsource(flow)).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", node)]
        names = [getattr(target, "id", getattr(target, "name", "_")) for target in targets]
        found += [name for name in names if not name.startswith("_")]
    return found


def test_only_code_is_counted() -> None:
    source = '"""Head\nof it."""\n\n# why\ndef f(\n    a,  # which\n):\n    """Do it."""\n    return """x\n    y"""\n'

    assert lines_of_code(source) == {5, 6, 7, 9, 10}


@FLOWS
def test_a_flow_has_at_most_a_hundred_lines_of_code(flow: ModuleType) -> None:
    assert len(lines_of_code(inspect.getsource(flow))) <= MOST


def test_both_flows_have_the_same_public_names_in_the_same_order() -> None:
    assert public_names(legacy) == public_names(modern)
    assert public_names(legacy)[0] == "button"


@FLOWS
def test_every_function_says_what_it_does_in_an_imperative_sentence(flow: ModuleType) -> None:
    first = {node.name: (ast.get_docstring(node) or "").partition("\n")[0] for node in functions(flow)}

    assert all(first.values()), first
    for sentence in first.values():
        assert sentence[0].isupper()
        assert not sentence.split()[0].endswith("s")
        assert "." in sentence
