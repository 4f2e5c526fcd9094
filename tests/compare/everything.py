"""Everything of a kind that the data of the comparison pages holds, wherever it stands."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import TypeVar

import compare

Kind = TypeVar("Kind")


def modules() -> list[ModuleType]:
    """Return the modules of the comparison pages."""
    return [importlib.import_module(found.name) for found in pkgutil.walk_packages(compare.__path__, "compare.")]


def all_of(kind: type[Kind]) -> list[Kind]:
    """Return every object of a class in the data of those modules, each once."""
    found = [thing for module in modules() for value in vars(module).values() for thing in _within(value, kind)]
    return list({id(thing): thing for thing in found}.values())


def _within(value: object, kind: type[Kind]) -> Iterator[Kind]:
    if isinstance(value, kind):
        yield value
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _within(getattr(value, field.name), kind)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _within(part, kind)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _within(part, kind)
