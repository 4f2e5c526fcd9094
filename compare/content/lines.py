"""The project's own source, line by line: what the code pages show and what notes and arrows point at."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass

from django.conf import settings


@functools.cache
def source(path: str) -> str:
    """Return the text of a file of the project. Raises OSError where there is none."""
    return (settings.BASE_DIR / path).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Span:
    """A top-level piece of a file: its name, and its first and last line, the comments above it included."""

    name: str
    first: int
    last: int


@functools.cache
def spans(path: str) -> tuple[Span, ...]:
    """Cut a file into its top-level functions, classes and tables; what is above the first is called "head"."""
    count = len(source(path).splitlines())
    if not path.endswith(".py"):
        return (Span("template", 1, count),)
    named = [(name, node) for node in ast.parse(source(path)).body if (name := name_of(node))]
    starts = [("head", 1), *((name, _first_line(node)) for name, node in named)]
    ends = [first - 1 for _, first in starts[1:]] + [count]
    return tuple(Span(name, first, last) for (name, first), last in zip(starts, ends, strict=True))


def name_of(node: ast.stmt) -> str:
    """Return the name of a function, class, or table in capitals; empty for any other statement."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    if not isinstance(target, ast.Name) or node.end_lineno == node.lineno:
        return ""
    return target.id if target.id.isupper() else ""


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


@functools.cache
def line_number(path: str, function: str, line: str) -> int:
    """Return the number of a line, given whole but for its indent and its comment.

    `function` is the name of the function, class or table that it is in; empty for a template, or for a line outside
    of them. Raises ValueError unless the line is there exactly once, and OSError without such a file.
    """
    text = source(path).splitlines()
    found = [
        number
        for span in spans(path)
        for number in range(span.first, span.last + 1)
        if function in ("", span.name) and _code(text[number - 1]) == line
    ]
    if len(found) != 1:
        raise ValueError(
            f"{line!r} occurs {len(found)} times in {function or 'all'} of {path}: quote a line that occurs once."
        )
    return found[0]


def _code(line: str) -> str:
    """Return a line without its indent and its comment, so that rewording a comment moves no link."""
    return line.partition("  # ")[0].strip() or line.strip()
