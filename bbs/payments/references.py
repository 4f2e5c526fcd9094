"""Whose a Stripe object is: our reference in it, the ids in an address, and the keys that make a call idempotent."""

from __future__ import annotations

import uuid

import stripe
from django.http import HttpRequest

from bbs.models import Payment
from bbs.payments import shapes


def metadata_of(payment_reference: uuid.UUID, **more: str) -> dict[str, str]:
    """Return what every object we create at Stripe carries, so that its payment can be found."""
    return {"payment": str(payment_reference), **more}


def refund_key(payment: Payment, amount: int) -> str:
    """Return the idempotency key of a refund: repeating a refund before it is recorded is idempotent.

    Stripe keeps the answer of a key even if it is a 500: the same refund can then be asked for again a day later.
    """
    return f"{payment.reference}:{payment.attempt}:refund:{payment.amount_refunded}:{amount}"


def reference_in(stripe_object: stripe.StripeObject) -> uuid.UUID | None:
    """Return our reference in an object's `client_reference_id` or metadata, or None: not everything is ours."""
    metadata = getattr(stripe_object, "metadata", None)
    value = getattr(stripe_object, "client_reference_id", None) or getattr(metadata, "payment", None)
    try:
        return uuid.UUID(value)
    except (TypeError, ValueError, AttributeError):
        return None


def in_our_version(api_version: str | None) -> bool:
    """Return whether the event uses this SDK's API version; a webhook endpoint can pin another.

    Within a release (the name after the date) nothing breaks: https://docs.stripe.com/sdks/versioning
    """
    return (api_version or "").partition(".")[2] == stripe.api_version.partition(".")[2]


def stripe_id_in(request: HttpRequest, name: str) -> str:
    """Return the Stripe id in this query parameter, or "" if malformed. A look-up decides whether it is ours."""
    value = request.GET.get(name, "")
    return value if shapes.identifier(value) else ""
