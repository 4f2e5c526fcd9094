"""What is being answered right now."""

from __future__ import annotations

from typing import Any, NamedTuple

from stripe_sandbox.database import scope


class Request(NamedTuple):
    """The request that is being answered; outside of one, all is empty."""

    # The address by which the visitor reaches this server.
    origin: str = ""
    # What an event names as its cause, and a token as its maker.
    id: str | None = None
    idempotency_key: str | None = None
    client_ip: str | None = None
    # With which key it came, for a refusal to name.
    key: str = ""
    # In which version of Stripe's API it is written.
    version: str = ""


_NONE = Request()


def request() -> Request:
    """Return the request that is being answered."""
    return scope.request() or _NONE


def answering(**known: Any) -> scope.entered:
    """Add to what is known of the request, for the block."""
    return scope.entered(request=request()._replace(**known))
