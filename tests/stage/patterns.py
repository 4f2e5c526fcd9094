"""The regular expressions of the code, found by reading it, and the longest text that each of them is given."""

from __future__ import annotations

import ast
import functools
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.urls.resolvers import RegexPattern, RoutePattern

PLACES = ("bbs", "bbs_project", "compare", "stripe_sandbox", "stripe_scan", "manage.py", "run.py")
# The functions that take an expression, and which argument is the text: one less for the method of a compiled one.
READS = {"match": 1, "fullmatch": 1, "search": 1, "findall": 1, "finditer": 1, "split": 1, "sub": 2, "subn": 2}
OTHERS = ("re_path", "RegexValidator", "RegexField", "_lazy_re_compile")


@dataclass(frozen=True)
class Found:
    """A regular expression where the code writes it."""

    path: Path  # from the root of the project
    line: int
    functions: tuple[str, ...]  # by which it reads
    pattern: str
    flags: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.pattern[:60].strip()!r}"


def found() -> list[Found]:
    """Return all regular expressions of the code; each must be a literal, or the name of one in its module."""
    paths = (settings.BASE_DIR / place for place in PLACES)
    files = (file for path in paths for file in ([path] if path.suffix else sorted(path.rglob("*.py"))))
    return [one for file in files if "migrations" not in file.parts for one in _found_in(file)]


def _found_in(file: Path) -> Iterator[Found]:
    source = file.read_text(encoding="utf-8")
    tree = ast.parse(source)
    names = {node.value: ast.unparse(node.targets[0]) for node in ast.walk(tree) if isinstance(node, ast.Assign)}
    values = {name: value for value, name in names.items()}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        function = ast.unparse(node.func)
        name = function.removeprefix("re.")
        if (function != name and name in (*READS, "compile")) or name in OTHERS:
            # Raises ValueError for a pattern that is put together.
            pattern = ast.literal_eval(values.get(ast.unparse(node.args[0]), node.args[0]))
            used = {one for one in READS if f"{names.get(node)}.{one}(" in source} if name == "compile" else {name}
            functions = tuple(sorted(used & READS.keys())) or ("match",)
            yield Found(file.relative_to(settings.BASE_DIR), node.lineno, functions, pattern, _flags(node))


def _flags(call: ast.Call) -> int:
    names = [ast.unparse(node) for node in ast.walk(call) if isinstance(node, ast.Attribute)]
    flags = [getattr(re, name[3:]) for name in names if name.startswith("re.") and name[3:].isupper()]
    return int(functools.reduce(operator.or_, flags, 0))


class Watched:
    """A compiled expression, or the module `re` itself, that takes down the longest text it reads."""

    def __init__(self, watched: re.Pattern[str] | ModuleType, longest: dict[str, int]) -> None:
        self._watched = watched
        self._longest = longest

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._watched, name)
        return self._noted(name, value) if name in READS else value

    def _noted(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            is_module = isinstance(self._watched, ModuleType)
            pattern = args[0] if is_module else self._watched.pattern
            note(self._longest, pattern, args[READS[name] - (not is_module)])
            return function(*args, **kwargs)

        return call


def note(longest: dict[str, int], pattern: str, text: str) -> None:
    longest[pattern] = max(longest.get(pattern, 0), len(text))


def watch(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Return the length of the longest text that each expression is given, as it grows from now on."""
    longest: dict[str, int] = {}
    names = {".".join(one.path.with_suffix("").parts).removesuffix(".__init__") for one in found()}
    for module in [import_module(name) for name in sorted(names)]:
        for name, value in list(vars(module).items()):
            if isinstance(value, re.Pattern) or value is re:
                monkeypatch.setattr(module, name, Watched(value, longest))
    for kind in (RegexPattern, RoutePattern):  # the addresses: Django matches them, and the latter by expressions too
        monkeypatch.setattr(kind, "match", _matching(kind.match, longest))
    return longest


def _matching(match: Callable[..., Any], longest: dict[str, int]) -> Callable[..., Any]:
    def noted(self: RegexPattern | RoutePattern, path: str) -> Any:
        note(longest, str(self), path)
        return match(self, path)

    return noted
