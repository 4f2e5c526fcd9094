"""Which payment the running code is about. The log writes it; code that observes the shop may read it."""

from __future__ import annotations

from contextvars import ContextVar
from uuid import UUID

_payment: ContextVar[UUID | None] = ContextVar("payment", default=None)


def current_payment() -> UUID | None:
    """Return the reference of the payment that this request, or this call to Stripe, is about."""
    return _payment.get()


def set_payment(reference: UUID | None) -> None:
    """Record that the request being answered is about this payment, until it has been answered."""
    _payment.set(reference)


# A class and no generator, which takes longer to enter: each request does.
class within_payment:
    """Set the payment that a block is about, and the earlier one again at its end."""

    def __init__(self, reference: UUID | None) -> None:
        self.reference = reference

    def __enter__(self) -> None:
        self.token = _payment.set(self.reference)

    def __exit__(self, *error: object) -> None:
        _payment.reset(self.token)
