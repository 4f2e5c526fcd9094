"""Which properties Stripe expands that the sandbox does not fill, by the annotations of stripe-python's classes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any, ForwardRef, get_args, get_origin

from stripe import ListObject, StripeObject
from stripe._object_classes import get_object_class

OBJECT, LIST, ARRAY = "object", "list", "array"


@cache
def shape(kind: str, steps: tuple[str, ...]) -> str:
    """Return what `steps` lead to, from an object of a kind on: OBJECT, LIST (Stripe's list object), ARRAY, or ""."""
    owner = get_object_class("V1", kind)
    for step in steps[:-1]:
        owner = next((inner for inner in _flat(_hint(owner, step)) if _is_class(inner)), StripeObject)
    return _shape_of(_hint(owner, steps[-1]))


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
