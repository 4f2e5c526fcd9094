"""All parameters that stripe-python's types know at an address, and texts that they may be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import get_origin

from stripe_sandbox.api.known_parameters import Parameter
from stripe_sandbox.api.schema import Array, Boolean, Currency, DecimalText, Email, Hash, Integer, Param, Text, Url

# By a part of a parameter's name, a text that Stripe takes there.
TEXTS = {
    "email": "a@b.example",
    "url": "https://a.example/",
    "currency": "usd",
    "decimal": "1.5",
    "images": "https://a.example/",
    "exp_": "12",
}
Steps = tuple[str, ...]


def known(parameter: Parameter, steps: Steps = ()) -> Iterator[tuple[Steps, Parameter]]:
    """Yield everything in a parameter, at every depth, by the way that leads there."""
    places = [*parameter.names(), *("0" for part in parameter.types if get_origin(part) is list)]
    for name in places:
        inner = parameter.inner(name)
        assert inner is not None
        yield (*steps, name), inner
        yield from known(inner, (*steps, name))


def values(parameter: Parameter, place: str) -> Iterator[str]:
    """Yield texts that a parameter may be, by its types: every one that they name, and one of each other kind."""
    yield from sorted(parameter.values)
    for part in parameter.types:
        if part is bool:
            yield from ("true", "false")
        elif part in (int, float) or getattr(part, "__name__", "") == "Decimal":
            yield "50"
        elif part is str and not parameter.values - {""}:
            name = next((step for step in reversed(re.findall(r"\w+", place)) if not step.isdigit()), "")
            yield next((text for key, text in TEXTS.items() if key in name), "x")


def written(steps: Steps) -> str:
    return steps[0] + "".join(f"[{step}]" for step in steps[1:])


def put(steps: Steps, value: str) -> dict[str, object]:
    """Return the parameters of a call that says one thing."""
    inner: object = value
    for step in reversed(steps):
        inner = {step: inner}
    assert isinstance(inner, dict)
    return inner


def filled(fields: Mapping[str, Param], given: dict[str, object]) -> dict[str, object]:
    """Return parameters with all that is required beside them."""
    result = dict(given)
    for name, param in fields.items():
        if isinstance(param, Hash) and (param.required or isinstance(given.get(name), dict)):
            inner = given.get(name, {})
            result[name] = filled(param.fields, inner) if isinstance(inner, dict) else inner
        elif isinstance(param, Array) and isinstance(param.item, Hash) and isinstance(given.get(name), dict):
            result[name] = {"0": filled(param.item.fields, given[name]["0"])}  # type: ignore[index]
        elif param.required and name not in given:
            result[name] = sample(param)
    return result


def sample(param: Param) -> object:
    if isinstance(param, Array):
        return {"0": sample(param.item)}
    if isinstance(param, Text) and param.choices:
        return param.choices[0]
    kinds = {
        Url: TEXTS["url"],
        Email: TEXTS["email"],
        Currency: "usd",
        DecimalText: "1.5",
        Integer: "2000",
        Boolean: "true",
    }
    return next((text for kind, text in kinds.items() if isinstance(param, kind)), "x")
