"""Who calls whom among the shown modules, read from their syntax trees."""

from __future__ import annotations

import ast
import functools
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from compare.content.entries import File
from compare.content.lines import name_of, spans
from compare.pages.files import BY_PATH, FILES

FLOWS = ("bbs/payments/legacy.py", "bbs/payments/modern.py")
# How a flow's functions are reached without saying which flow: `flow_of(payment).confirm`, `flow.EVENTS`.
_ANY_FLOW = re.compile(r"flow(_of\(.*\))?\Z")


@dataclass(frozen=True)
class Use:
    """A function that uses another."""

    file: File
    name: str

    @property
    def label(self) -> str:
        module = self.file.path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
        return f"{module}.{self.name}"

    @property
    def url(self) -> str:
        return f"{self.file.url}#{self.file.slug}-{self.name}"


@functools.cache
def uses() -> dict[tuple[str, str], tuple[Use, ...]]:
    """Return who uses each function, by (path, name), in the order of the files and of their lines."""
    found: defaultdict[tuple[str, str], list[Use]] = defaultdict(list)
    for file in FILES:
        if not (file.path.startswith("bbs/") and file.language == "python"):
            continue
        tree = ast.parse(file.source)
        names = _imports(tree)
        for node in tree.body:
            caller = name_of(node)
            for target in _mentions(node, file.path, names) if caller else ():
                use = Use(file, caller)
                if target != (file.path, caller) and use not in found[target]:
                    found[target].append(use)
    return {target: tuple(users) for target, users in found.items()}


def _imports(tree: ast.Module) -> dict[str, tuple[str, str]]:
    """Return what each imported name refers to: (path, function), or (path, "") for a module."""
    names = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if path := _path(f"{node.module}.{alias.name}"):
                    names[alias.asname or alias.name] = (path, "")
                elif path := _path(node.module or ""):
                    names[alias.asname or alias.name] = (path, alias.name)
    return names


def _path(module: str) -> str:
    stem = module.replace(".", "/")
    return next((path for path in (f"{stem}.py", f"{stem}/__init__.py") if path in BY_PATH), "")


def _mentions(node: ast.stmt, path: str, names: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    own = {span.name for span in spans(path)}
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            if part.id in own:
                yield path, part.id
            elif names.get(part.id, ("", ""))[1]:
                yield names[part.id]
        elif isinstance(part, ast.Attribute):
            owner = ast.unparse(part.value)
            if _ANY_FLOW.match(owner):
                yield from ((flow, part.attr) for flow in FLOWS)
            elif owner in names and not names[owner][1]:
                yield names[owner][0], part.attr
