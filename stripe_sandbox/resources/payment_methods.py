"""Payment methods. https://docs.stripe.com/api/payment_methods"""

from __future__ import annotations

from typing import Any

from stripe_sandbox import errors, ids, store
from stripe_sandbox.cards import entered, objects
from stripe_sandbox.cards.entered import StoredCard
from stripe_sandbox.models import StripeObject
from stripe_sandbox.webhooks import events
from stripe_sandbox.webhooks.events import changing

PATH = "/v1/payment_methods"
ALLOW_REDISPLAY = ("always", "limited", "unspecified")


def add(known: StoredCard, **who: str | None) -> StripeObject:
    """Keep a new payment method for a card."""
    return store.add(card_body(known, **who), card=known.keep())


def card_body(known: StoredCard, **who: str | None) -> dict[str, Any]:
    """Return a card as a payment method, with a new id."""
    return _body("card", {"billing_details": objects.billing(known, **who), "card": objects.payment_method(known)})


def add_konbini(**who: str | None) -> StripeObject:
    """Keep a new payment method for a convenience store."""
    return store.add(_body("konbini", {"billing_details": objects.billing(None, **who), "konbini": {}}))


def _body(kind: str, details: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": ids.new("pm"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "created": store.now(),
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "radar_options": {},
        "type": kind,
        **details,
    }


def resolve(sid: str, customer: str | None) -> StripeObject:
    """Return the payment method that this customer pays with; each use of a `pm_card_…` is a fresh one.

    Raises `ApiError`: Stripe's `resource_missing`, and its refusal of what belongs to another customer.
    """
    if known := None if sid.startswith("tok_") else entered.magic(sid, "payment_method"):
        return add(known)
    owner = holder(sid)
    method = saved(owner, sid) if owner else store.get("payment_method", sid, "payment_method", status=400)
    if method.body["customer"] and method.body["customer"] != customer:
        raise errors.ApiError(
            f"The payment method {sid} belongs to the customer {method.body['customer']}. Please include the customer "
            "in the `customer` parameter on the PaymentIntent.",
            assumed=True,
            param="payment_method",
        )
    return method


def saved(customer: StripeObject, card: str) -> StripeObject:
    """Return a customer's saved card as the payment method that it is too: the customer holds it, it has no row.

    https://docs.stripe.com/payments/payment-methods/transitioning
    """
    kept = customer.private["sources"][card]
    created = int(kept.get("saved", 0)) or customer.created  # an older sandbox did not record when
    body = card_body(StoredCard(**kept["known"])) | {"id": card, "created": created, "customer": customer.sid}
    body["allow_redisplay"] = "unspecified"
    private = {"card": kept["known"]}
    return StripeObject(sid=card, kind="payment_method", created=created, body=body, private=private)


def attach(method: StripeObject, customer: str) -> None:
    """Keep a payment method for a customer who is to pay with it again."""
    with changing(method) as body:
        body["customer"] = customer
    events.emit("payment_method.attached", method.body)


def holder(card: str) -> StripeObject | None:
    """Return the customer to whom a card with this id is saved, or None."""
    if not card.startswith("card_"):
        return None
    return StripeObject.objects.filter(kind="customer", deleted=False, private__sources__has_key=card).first()


def card_of(stored: StripeObject) -> StoredCard:
    """Return the card behind a payment method. Raises KeyError for a konbini."""
    return StoredCard(**stored.private["card"])


def known(stored: StripeObject) -> StoredCard | None:
    """Return the card behind a payment method, or None for a konbini."""
    kept = stored.private.get("card")
    return StoredCard(**kept) if kept else None


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    found = None if sid.startswith("tok_") else entered.magic(sid, "payment_method")
    return add(found).body if found else store.get("payment_method", sid, "payment_method").body
