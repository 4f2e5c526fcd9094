"""How an address of the API is declared: method, path, parameters, and the function that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from stripe_sandbox import errors

from . import known_addresses
from .schema import Param
from .shapes import ONE

Handler = Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """One address; `{id}` in the path becomes the handler's second argument."""

    method: str
    path: str
    handler: Handler
    params: Mapping[str, Param] = field(default_factory=lambda: ONE)
    # Whether the browser's key is enough.
    publishable: bool = False

    @cached_property
    def parts(self) -> list[str]:
        return self.path.split("/")

    @cached_property
    def address(self) -> str:
        """The path with `:id` for each id."""
        return "/".join(":id" if part.startswith("{") else part for part in self.parts)

    def match(self, path: str) -> dict[str, str] | None:
        """Return the ids in a path, or None for another address."""
        parts, place = path.split("/"), {}
        if len(parts) != len(self.parts):
            return None
        for own, given in zip(self.parts, parts, strict=True):
            if own.startswith("{") and given:
                place[own[1:-1]] = given
            elif own != given:
                return None
        return place


def find(routes: Iterable[Route], method: str, path: str) -> tuple[Route, dict[str, str]]:
    """Return the address and the ids in it.

    Raises `ApiError`: Stripe's 404 for an empty id and for an address that Stripe does not have, and the sandbox's
    limit for one that only the sandbox does not have.
    """
    if path.endswith("/") or "//" in path:
        raise errors.empty_id(method, path)
    for route in routes:
        if route.method == method and (place := route.match(path)) is not None:
            # `/v1/charges/search` is no charge.
            if place and known_addresses.has_named(method, path):
                break
            return route, place
    if known_addresses.has(method, path):
        raise errors.unsupported(f"the address {method} {path}", status=404)
    raise errors.unrecognized_url(method, path)
