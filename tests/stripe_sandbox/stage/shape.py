"""Hold JSON against the annotations of stripe-python's classes."""

from __future__ import annotations

import ast
import importlib
import inspect
import types
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

import stripe
from stripe import ListObject, StripeObject
from stripe._object_classes import get_object_class
from stripe._stripe_object import UntypedStripeObject

# Fields that are recorded, and that stripe-python does not have.
_RECORDED = {("PaymentIntent", "shared_payment_granted_token")}
_PLAIN = {int, str, bool, float}


@cache
def _names(module: str) -> dict[str, tuple[str, str]]:
    """Return what a module imports for its annotations only: name -> (module, name there)."""
    tree = ast.parse(Path(importlib.import_module(module).__file__).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {alias.asname or alias.name: (node.module, alias.name) for node in imports for alias in node.names}


def _resolve(name: str, owner: type) -> type:
    module = importlib.import_module(owner.__module__)
    if hasattr(module, name):
        return getattr(module, name)
    where, there = _names(owner.__module__)[name]
    return getattr(importlib.import_module(where), there)


def wrong(value: Any, wanted: Any, owner: type, path: str) -> Iterator[str]:
    """Yield what is wrong with a value, by its annotation in the class `owner`."""
    if isinstance(wanted, str):
        wanted = ForwardRef(wanted)
    if isinstance(wanted, ForwardRef):
        wanted = _resolve(wanted.__forward_arg__, owner)
    origin, args = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        problems = [list(wrong(value, arg, owner, path)) for arg in args]
        if all(problems):
            yield from min(problems, key=_how_wrong)
    elif wanted is type(None):
        if value is not None:
            yield f"{path}: {value!r:.60} is not null"
    elif wanted is Any:
        return
    elif origin is Literal:
        if value not in args:
            yield f"{path}: {value!r:.60} is not one of {args!r:.80}"
    elif origin in (list, ListObject):
        yield from _list(value, origin, args[0], owner, path)
    elif origin is UntypedStripeObject or wanted is UntypedStripeObject:
        for key, item in value.items() if isinstance(value, dict) else ():
            yield from wrong(item, args[0] if args else Any, owner, f"{path}.{key}")
        if not isinstance(value, dict):
            yield f"{path}: {value!r:.60} is not a hash"
    elif wanted is Decimal:
        yield from _decimal(value, path)
    elif wanted in _PLAIN:
        if type(value) is not wanted:
            yield f"{path}: {value!r:.60} is not {wanted.__name__}"
    else:
        yield from _object(value, wanted, path)


def _how_wrong(problems: list[str]) -> tuple[int, int]:
    """Return how far a value got before it was wrong: the deeper, the likelier it is meant."""
    return (-max(problem.count(".") for problem in problems), len(problems))


def _list(value: Any, origin: type, item: Any, owner: type, path: str) -> Iterator[str]:
    if origin is ListObject:
        if not isinstance(value, dict) or set(value) - {"total_count"} != {"object", "data", "has_more", "url"}:
            yield f"{path}: {value!r:.60} is not a list object"
            return
        value = value["data"]
    if not isinstance(value, list):
        yield f"{path}: {value!r:.60} is not a list"
        return
    for index, child in enumerate(value):
        yield from wrong(child, item, owner, f"{path}[{index}]")


def _decimal(value: Any, path: str) -> Iterator[str]:
    try:
        assert isinstance(value, str)
        Decimal(value)
    except (AssertionError, InvalidOperation):
        yield f"{path}: {value!r:.60} is not a decimal text"


def _object(value: Any, kind: type, path: str) -> Iterator[str]:
    assert inspect.isclass(kind), (kind, path)
    assert issubclass(kind, StripeObject), (kind, path)
    if not isinstance(value, dict):
        yield f"{path}: {value!r:.60} is not a {kind.__name__}"
        return
    if value.get("deleted"):
        if set(value) != {"id", "object", "deleted"}:
            yield f"{path}: a deleted object shows {sorted(value)}"
        return
    fields = {name: hint for name, hint in inspect.get_annotations(kind).items() if name != "OBJECT_NAME"}
    for name in value.keys() - fields.keys():
        if (kind.__name__, name) not in _RECORDED:
            yield f"{path}.{name}: Stripe has no such field"
    for name, hint in fields.items():
        if name in value:
            yield from wrong(value[name], hint, kind, f"{path}.{name}")
        elif type(None) not in get_args(hint):
            yield f"{path}.{name} is missing"


def problems(value: dict[str, Any]) -> list[str]:
    """Return all that is wrong with an object of Stripe's."""
    kind = get_object_class("V1", value["object"])
    assert kind is not stripe.StripeObject, value["object"]
    return list(_object(value, kind, value["object"]))
