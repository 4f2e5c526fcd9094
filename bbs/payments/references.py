"""Whose a Stripe object is: our reference in it, the ids in an address, and the keys that make a call idempotent."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Literal, Protocol, TypeVar

import stripe
from django.http import HttpRequest

from bbs.models import Payment
from bbs.payments import shapes

# https://docs.stripe.com/api/refunds/create#create_refund-reason
RefundReason = Literal["requested_by_customer", "duplicate", "fraudulent"]


class HasId(Protocol):
    """Any object of Stripe's that others name by its id."""

    id: str


Object = TypeVar("Object", bound=HasId)


def metadata_of(payment: Payment) -> dict[str, str]:
    """Return what every object we create at Stripe carries, so that its payment can be found."""
    return {"payment": str(payment.reference)}


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


def email_in(session: stripe.checkout.Session) -> str:
    """Return the customer's address, or "" until it was entered on Stripe's page."""
    return getattr(session.customer_details, "email", None) or ""


def find_charge(payment: Payment) -> stripe.Charge | None:
    """Find the charge whose answer we never got by what it carries: the paid one, or that of the open token."""
    since, until = payment.created_at - timedelta(hours=1), payment.created_at + timedelta(days=2)
    found = stripe.Charge.list(created={"gte": int(since.timestamp()), "lte": int(until.timestamp())}, limit=100)
    ours = [charge for charge in found.auto_paging_iter() if reference_in(charge) == payment.reference]
    of_token = [charge for charge in ours if token_in(charge) == payment.token]
    return next((charge for charge in ours if charge.paid), of_token[0] if of_token else None)


def token_in(charge: stripe.Charge) -> str:
    """Return the card's token that a charge carries in its metadata, or ""."""
    return getattr(charge.metadata, "token", "")


def expanded(field: str | Object | None) -> Object | None:
    """Return the object in a field that may have its id alone, or nothing; None then."""
    return None if isinstance(field, str) else field


def id_in(field: str | HasId | None) -> str | None:
    """Return the id of what is in a field, whether or not it was expanded."""
    return field if field is None or isinstance(field, str) else field.id


def known(stripe_id: str | None) -> str:
    """Return an id that what was paid has. Raises ValueError for None: it must not become a call without it."""
    if stripe_id is None:
        raise ValueError("The payment has no id of Stripe's for this.")
    return stripe_id


def in_our_version(api_version: str | None) -> bool:
    """Return whether the event uses this SDK's API version; a webhook endpoint can pin another.

    Within a release (the name after the date) nothing breaks: https://docs.stripe.com/sdks/versioning
    """
    return (api_version or "").partition(".")[2] == stripe.api_version.partition(".")[2]


def stripe_id_in(request: HttpRequest, name: str) -> str:
    """Return the Stripe id in this query parameter, or "" if malformed. A look-up decides whether it is ours."""
    value = request.GET.get(name, "")
    return value if shapes.identifier(value) else ""
