"""Which properties Stripe expands that the sandbox does not fill, by the annotations of stripe-python's classes."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, ForwardRef, get_args, get_origin

from stripe import ListObject, StripeObject
from stripe._object_classes import get_object_class

OBJECT, LIST, ARRAY = "object", "list", "array"
# So many paths are remembered: their texts come from callers.
_MOST = 4096


@lru_cache(_MOST)
def shape(kind: str, steps: tuple[str, ...]) -> str:
    """Return what `steps` lead to, from an object of a kind on: OBJECT, LIST (Stripe's list object), ARRAY, or ""."""
    return _shape_of(_hint(_owner(kind, steps), steps[-1]))


@lru_cache(_MOST)
def is_known(kind: str, steps: tuple[str, ...]) -> bool:
    """Return whether `steps` lead to what Stripe expands in any of the objects that they may go through.

    A balance transaction's source is a charge, a refund or another: Stripe expands `source.charge` of each.
    """
    owners: set[type] = {get_object_class("V1", kind)}
    hints: list[tuple[type, Any]] = []
    for step in steps:
        if step == "data" and any(_shape_of(hint) == LIST for _, hint in hints):
            continue
        hints = [(owner, _hint(owner, step)) for owner in owners]
        owners = {inner for owner, hint in hints for inner in _objects(owner, hint)}
    return any(_shape_of(hint) for _, hint in hints)


def _owner(kind: str, steps: tuple[str, ...]) -> type:
    """Return the class that has the last of `steps` as a property."""
    owner = get_object_class("V1", kind)
    for step in steps[:-1]:
        owner = next((inner for inner in _flat(_hint(owner, step)) if _is_class(inner)), StripeObject)
    return owner


def _objects(owner: type, hint: Any) -> Iterator[type]:
    """Yield the classes of objects in an annotation of a class, those that it names as text among them."""
    for part in _flat(hint):
        if _is_class(part) and part is not ListObject:
            yield part
        for node in ast.walk(ast.parse(_name(part))):
            text = str(node.id if isinstance(node, ast.Name) else node.value if isinstance(node, ast.Constant) else "")
            place = _imports(owner.__module__).get(text, (owner.__module__, text))
            found: Any = getattr(import_module(place[0]), place[1], None)
            if _is_class(found):
                yield found


@cache
def _imports(module: str) -> dict[str, tuple[str, str]]:
    """Return what a module imports, by the name there: stripe-python imports most for its annotations alone."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {
        name.asname or name.name: (node.module or "", name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }


def _hint(owner: type, name: str) -> Any:
    return inspect.get_annotations(owner).get(name)


def _shape_of(hint: Any) -> str:
    parts = list(_flat(hint))
    if any(part is ListObject or "ListObject[" in _name(part) for part in parts):
        return LIST
    if any(part is list for part in parts):
        return ARRAY
    return OBJECT if any(_is_class(part) or isinstance(part, ForwardRef) for part in parts) else ""


def _name(part: Any) -> str:
    return part.__forward_arg__ if isinstance(part, ForwardRef) else ""


def _is_class(part: Any) -> bool:
    return inspect.isclass(part) and issubclass(part, StripeObject)


def _flat(hint: Any) -> Iterator[Any]:
    """Yield all types that an annotation is made of."""
    yield get_origin(hint) or hint
    for inner in get_args(hint):
        if not isinstance(inner, str):
            yield from _flat(inner)
