"""A rehearsal in which somebody takes money that no order knows of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import stripe

from bbs.models import Payment
from compare.apart.shop import join_shop
from compare.rehearsal import work as rehearsal


def cheat(errand: str, **given: Any) -> Iterator[dict[str, Any]]:
    """Charge a paid order once more before the books are closed."""
    if errand == "close":
        join_shop(given["key"])
        paid = Payment.objects.filter(status=Payment.Status.PAID).first()
        metadata = {"payment": str(paid.pk)} if paid else {}
        stripe.Charge.create(amount=500, currency="jpy", source="tok_visa", metadata=metadata)
    yield from rehearsal.work(errand, **given)


def die(errand: str, **given: Any) -> Iterator[dict[str, Any]]:
    if errand == "visit":
        raise RuntimeError("as ordered")
    yield {"open": True}
