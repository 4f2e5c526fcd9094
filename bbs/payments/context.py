"""Which payment the running code is about. The log writes it; code that observes the shop may read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

_payment: ContextVar[UUID | None] = ContextVar("payment", default=None)


def current_payment() -> UUID | None:
    """Return the reference of the payment that this request, or this call to Stripe, is about."""
    return _payment.get()


def set_payment(reference: UUID | None) -> None:
    """Record that the request being answered is about this payment, until it has been answered."""
    _payment.set(reference)


@contextmanager
def within_payment(reference: UUID | None) -> Iterator[None]:
    """Set the payment that this block is about, and the earlier one again at its end."""
    token = _payment.set(reference)
    try:
        yield
    finally:
        _payment.reset(token)
