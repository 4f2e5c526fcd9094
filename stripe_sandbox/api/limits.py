"""What a call asks of Stripe that the sandbox does not support: refused as its own limit, never in Stripe's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stripe_sandbox import errors
from stripe_sandbox.errors import ApiError

from . import current, known_parameters, no_ops
from .known_parameters import Parameter
from .routes import Route
from .schema import Array, Hash, Param, Text, quoted


def supported(route: Route, params: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a call without those that ask for nothing.

    Raises `ApiError`, the sandbox's limit, for what Stripe has and the sandbox has not. What Stripe does not have
    either is left for the schema to refuse.
    """
    return _Call(route.method, route.address).fields(route.params, params, "")


class _Call:
    """A call of an address; stripe-python's types are looked up only where the schema does not know a thing."""

    def __init__(self, method: str, address: str):
        self._method, self._address = method, address

    def fields(self, own: Mapping[str, Param], given: dict[str, Any], path: str) -> dict[str, Any]:
        """Return the supported fields of a hash."""
        kept, limits = {}, []
        unknown = False
        for key, value in given.items():
            name = f"{path}[{key}]" if path else key
            if key in own:
                kept[key] = self._value(own[key], value, name)
                continue
            known = self._known(name)
            if known is None:
                unknown = True
                kept[key] = value
            elif not no_ops.asks_for_nothing(known, value, name):
                limits.append(name)
        if limits and not unknown:
            raise errors.unsupported(f"the parameter '{limits[0]}'", limits[0])
        return kept

    def _value(self, own: Param, value: Any, path: str) -> Any:
        if isinstance(value, dict):
            if isinstance(own, Hash):
                return self.fields(own.fields, value, path)
            if isinstance(own, Array):
                return {key: self._value(own.item, item, f"{path}[{key}]") for key, item in value.items()}
            if isinstance(own, Text) and self._known(f"{path}[object]"):
                raise errors.unsupported(f"a hash as `{path}`", path)
        elif isinstance(own, Hash | Array) and value and (known := self._known(path)) and known.is_text:
            raise errors.unsupported(f"a text as `{path}`", path)
        elif value and (not isinstance(own, Text) or own.choices):
            self._check_one_of(own, value, path)
        return value

    def _check_one_of(self, own: Param, value: str, path: str) -> None:
        """Raise `ApiError` for a value that Stripe has, by stripe-python's types, and the sandbox has not."""
        try:
            own.clean(value, path)
        except ApiError:
            if (known := self._known(path)) and value in known.values:
                raise errors.unsupported(f"`{quoted(value, path)}` as `{path}`", path) from None

    def _known(self, path: str) -> Parameter | None:
        """Return a parameter of Stripe's by its path, `line_items[0][quantity]`."""
        found: Parameter | None = known_parameters.of(self._method, self._address)
        for step in path.replace("]", "").split("["):
            found = found and found.inner(step)
        if found is None:
            version = current.request().version
            name = no_ops.named(path)
            if known_parameters.is_older(self._method, self._address, name, version):
                return Parameter(())
        return found


def parameters(route: Route) -> list[str]:
    """Return the parameters of Stripe's that the sandbox does not support at an address, by name."""
    return sorted(set(known_parameters.of(route.method, route.address).names()) - set(route.params))
