"""One attempt to deliver an event: what was claimed to be posted, and what the endpoint answered."""

from __future__ import annotations

from dataclasses import dataclass

from stripe_sandbox.models import Delivery, StripeObject


@dataclass(frozen=True)
class ClaimedDelivery:
    """One delivery claimed to be posted: what, and to whom."""

    delivery: Delivery
    event: StripeObject
    endpoint: StripeObject


@dataclass(frozen=True)
class Reply:
    """What an endpoint answered; status 0 is no answer, with the reason as text."""

    status: int
    text: str
    milliseconds: float
