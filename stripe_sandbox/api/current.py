"""What is being answered right now: the one context variable of the sandbox."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


@dataclasses.dataclass(frozen=True)
class Request:
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
_request: ContextVar[Request] = ContextVar("stripe_sandbox_request", default=_NONE)


def request() -> Request:
    """Return the request that is being answered."""
    return _request.get()


@contextmanager
def answering(**known: str | None) -> Iterator[None]:
    """Add to what is known of the request, for the block."""
    token = _request.set(dataclasses.replace(_request.get(), **known))
    try:
        yield
    finally:
        _request.reset(token)
