"""Where a program refuses something, found in its source, and which of these places a run of it reached."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

_SIMPLE = (ast.Raise, ast.Return, ast.Expr, ast.Assign, ast.AugAssign)
_MAKERS = {"ApiError", "Declined", "Error", "Warning", "unsupported"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Site(NamedTuple):
    """A statement that refuses something: its file, its first and last line, and a name that survives other edits.

    `through`: the refusal is in a function that it calls, so that passing here is not yet refusing.
    """

    file: str
    first: int
    last: int
    name: str
    through: bool


def sites(root: Path, files: Iterable[Path]) -> list[Site]:
    """Return all places in these files of a project where something is refused."""
    return [site for file in files for site in _in(file, file.relative_to(root).with_suffix("").as_posix())]


def _in(file: Path, module: str) -> Iterator[Site]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for name, statement in _statements(tree, module.replace("/", ".")):
        through = _is_asked(statement)
        if through or _refuses(statement):
            text = f"{name}: {ast.unparse(statement)[:110]}"
            yield Site(str(file), statement.lineno, statement.end_lineno or statement.lineno, text, through)


def _statements(node: ast.AST, name: str, *, inside: bool = False) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the simple statements of each function, with the function's name."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
            yield from _statements(child, f"{name}.{child.name}", inside=isinstance(child, _FUNCTIONS))
        elif inside and isinstance(child, _SIMPLE):
            yield name, child
        else:
            yield from _statements(child, name, inside=inside)


def _refuses(statement: ast.stmt) -> bool:
    """Return whether a statement raises, makes a refusal, answers with a status from 400 on, or notes a problem."""
    if isinstance(statement, ast.Raise):
        # What a subclass must have is not refused to anybody.
        return ast.unparse(statement) != "raise NotImplementedError"
    return any(_is_refusal(node) for node in ast.walk(statement))


def _is_refusal(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and node.value.endswith("problem=refused")
    if not isinstance(node, ast.Call):
        return False
    statuses = [word.value for word in node.keywords if word.arg == "status"]
    numbers = [each.value for each in statuses if isinstance(each, ast.Constant) and isinstance(each.value, int)]
    answers = any(number >= 400 for number in numbers)
    asks = ast.unparse(node.func) in ("store.get", "store.errors.no_such")
    owner, _, made = ast.unparse(node.func).rpartition(".")
    return (answers and not asks) or owner == "errors" or made.lstrip("_") in _MAKERS


def _is_asked(statement: ast.stmt) -> bool:
    """Return whether a statement has a helper refuse: an id that the caller names, or a check that returns nothing."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "store.get":
            given = ast.unparse(node.args[1])
            # Other ids are those of objects that belong together: none of them can be missing.
            return given.isidentifier() or given.startswith(("params[", "item[", "data["))
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    owner, _, function = ast.unparse(statement.value.func).rpartition(".")
    # A form's own check notes what is wrong in itself.
    return owner != "self" and function.lstrip("_").startswith(("check", "refuse"))


class Reached:
    """The places that a run reached, line by line, and those that something was refused through."""

    def __init__(self, places: Iterable[Site]) -> None:
        self.places = list(places)
        self._lines: dict[str, set[int]] = {}
        for site in self.places:
            if not site.through:
                self._lines.setdefault(site.file, set()).update(range(site.first, site.last + 1))
        self._files = {site.file for site in self.places}
        self._traced: dict[CodeType, bool] = {}
        self._seen: set[tuple[str, int]] = set()
        self._passed: set[tuple[str, int]] = set()

    def missing(self) -> list[str]:
        """Return the names of the places that were not reached."""
        return [site.name for site in self.places if not self._has(site)]

    def _has(self, site: Site) -> bool:
        found = self._passed if site.through else self._seen
        return any((site.file, line) in found for line in range(site.first, site.last + 1))

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note what this thread reaches; a tracer that was there before is back afterwards."""
        before = sys.gettrace()
        sys.settrace(self._call)
        try:
            yield
        finally:
            sys.settrace(before)

    def _call(self, frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if code not in self._traced:
            lines = {line for *_, line in code.co_lines() if line}
            self._traced[code] = bool(lines & self._lines.get(code.co_filename, set()))
        return self._line if self._traced[code] else None

    def _line(self, frame: FrameType, event: str, argument: Any) -> Any:
        file, line = frame.f_code.co_filename, frame.f_lineno
        if event == "line" and line in self._lines[file]:
            self._seen.add((file, line))
            # A refusal in a helper is one of each function on the way to it as well.
            above = frame.f_back
            while above:
                if above.f_code.co_filename in self._files:
                    self._passed.add((above.f_code.co_filename, above.f_lineno))
                above = above.f_back
        return self._line
