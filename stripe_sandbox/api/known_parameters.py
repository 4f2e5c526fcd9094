"""Which parameters Stripe has at an address, and what each may be: by stripe-python's types of them.

`data/older_parameters.txt` has those that the types do not have, with its sources.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, NotRequired, Required, get_args, get_origin, get_type_hints

import stripe

_FILE = Path(__file__).parent / "data" / "older_parameters.txt"
_IN_A_SERVICE = re.compile(
    r'params: (?:"?Optional\[)?["\']?(?P<type>\w+Params)\b|"(?P<method>get|post|delete)",\s{0,99}"(?P<path>/v\d/[^"]*)"'
)
_IMPORTED = re.compile(r"from (stripe\.params[\w.]*) import \(?\s*(\w+Params)\b")
# The addresses of older releases take what these do.
_SAME = {
    "/v1/charges/:id/dispute": "/v1/disputes/:id",
    "/v1/charges/:id/dispute/close": "/v1/disputes/:id/close",
    "/v1/charges/:id/refund": "/v1/refunds",
    "/v1/charges/:id/refunds": "/v1/refunds",
    "/v1/charges/:id/refunds/:id": "/v1/refunds/:id",
    "/v1/customers/:id/cards": "/v1/customers/:id/sources",
    "/v1/customers/:id/cards/:id": "/v1/customers/:id/sources/:id",
}


@dataclass(frozen=True)
class Parameter:
    """A parameter by its type: all the types that it may be, one of which is enough."""

    types: tuple[Any, ...] = (dict,)
    # What stripe-python says of it.
    about: str = ""

    @cached_property
    def values(self) -> frozenset[str]:
        """The texts that its type names one by one; "" is one of them where it may be unset."""
        return frozenset(str(value) for part in self.types if get_origin(part) is Literal for value in get_args(part))

    @property
    def is_text(self) -> bool:
        """Whether it may be anything but a hash or an array; "" only unsets."""
        return bool(self.values - {""}) or any(part in (str, int, bool, float) for part in self.types)

    def names(self) -> list[str]:
        """Return what it may have in it by name."""
        return [name for part in self.types if is_table(part) for name in _hints(part)]

    def inner(self, key: str) -> Parameter | None:
        """Return what is in it under a name, or in a place of an array. The keys of a hash may be the caller's own."""
        for part in self.types:
            if is_table(part) and key in _hints(part):
                return Parameter(tuple(_flat(_hints(part)[key])), _docs(part).get(key, ""))
            if get_origin(part) is list and key.isdecimal():
                return Parameter(tuple(_flat(get_args(part)[0])))
            if get_origin(part) is dict:
                return Parameter(tuple(_flat(get_args(part)[1])))
        return None


@cache
def of(method: str, address: str) -> Parameter:
    """Return all parameters of an address, written as `/v1/charges/:id`."""
    place = _types().get((method, _SAME.get(address, address)))
    return Parameter((getattr(import_module(place[0]), place[1]),)) if place else Parameter(())


def is_older(method: str, address: str, name: str, version: str) -> bool:
    """Return whether Stripe takes a parameter that stripe-python has no type for; in a name, [] is any place."""
    until = older().get((method, address, name))
    return until is not None and (not until or version < until)


@cache
def older() -> dict[tuple[str, str, str], str]:
    """Return the first version without each parameter of the data, by method, address and name; "" for none."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    rows = [line.partition(" < ") for line in lines if line and not line.startswith("#")]
    parameters = [(*parameter.split(" ", 2), until) for parameter, _sign, until in rows]
    return {(method, address, name): until for method, address, name, until in parameters}


@cache
def _types() -> dict[tuple[str, str], tuple[str, str]]:
    """Return the module and the name of each address's parameters, as the services of stripe-python have them."""
    table: dict[tuple[str, str], tuple[str, str]] = {}
    for service in sorted(Path(stripe.__file__).parent.rglob("_*_service.py")):
        text = service.read_text(encoding="utf-8")
        modules = {name: module for module, name in _IMPORTED.findall(text)}
        named = ""
        for match in _IN_A_SERVICE.finditer(text):
            named = match["type"] or named
            if match["path"] and named in modules:
                address = re.sub(r"\{[^}]*\}", ":id", match["path"])
                table.setdefault((match["method"].upper(), address), (modules[named], named))
    return table


def is_table(part: Any) -> bool:
    """Return whether a type is a TypedDict, of `typing` or of typing_extensions."""
    return inspect.isclass(part) and hasattr(part, "__total__")


@cache
def _hints(owner: type) -> dict[str, Any]:
    """Return the annotations of a class of parameters, without the options of a call that stripe-python puts there."""
    options = stripe.RequestOptions.__annotations__
    own = {name: hint for name, hint in owner.__annotations__.items() if name not in options}
    names = vars(sys.modules[owner.__module__])
    return get_type_hints(SimpleNamespace(__annotations__=own), names, include_extras=True)


def _docs(owner: type) -> dict[str, str]:
    return _all_docs(owner.__module__).get(owner.__name__, {})


@cache
def _all_docs(module: str) -> dict[str, dict[str, str]]:
    """Return the text below each annotation of a module's classes."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: dict(_texts(node.body)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _texts(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, text in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            yield ast.unparse(field.target), str(text.value.value).strip()


def _flat(hint: Any) -> Iterator[Any]:
    """Yield the types that an annotation allows."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is not None and getattr(origin, "__name__", "") == "UntypedStripeObject":
        yield dict[str, inner[0]]  # type: ignore[valid-type]
    elif is_table(hint) or origin in (list, dict, Literal) or not inner:
        yield hint
    else:
        for part in inner[: 1 if origin in (NotRequired, Required) else None]:
            yield from _flat(part)
