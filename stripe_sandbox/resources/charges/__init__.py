"""Charges. https://docs.stripe.com/api/charges"""

from __future__ import annotations

from typing import Any

from stripe_sandbox import assumptions, conf, errors, store
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.schema import Boolean, Hash, Text
from stripe_sandbox.api.shapes import (
    AMOUNT,
    CLEARABLE,
    CREATED,
    CURRENCY,
    EMAIL,
    EXPAND,
    LIST,
    METADATA,
    SHIPPING,
    TEXT,
    merged,
    shipping,
)
from stripe_sandbox.cards.entered import StoredCard
from stripe_sandbox.clock import schedule
from stripe_sandbox.models import StripeObject
from stripe_sandbox.resources import amounts
from stripe_sandbox.webhooks import events
from stripe_sandbox.webhooks.events import changing

from . import engine, sources

PATH = "/v1/charges"
_DESCRIPTORS = {"statement_descriptor": Text(most=22), "statement_descriptor_suffix": Text(most=22)}
CREATE = {
    "amount": type(AMOUNT)(least=1, required=True),
    "currency": CURRENCY,
    "source": TEXT,
    "payment_method": TEXT,  # Stripe accepts it and does not use it.
    "customer": TEXT,
    "capture": Boolean(),
    "description": TEXT,
    "metadata": METADATA,
    "receipt_email": EMAIL,
    "shipping": SHIPPING,
    "transfer_group": TEXT,
    "expand": EXPAND,
    **_DESCRIPTORS,
}
UPDATE = {
    "customer": TEXT,
    "description": CLEARABLE,
    "metadata": METADATA,
    "receipt_email": type(EMAIL)(unset=True),
    "shipping": SHIPPING,
    "transfer_group": TEXT,
    "fraud_details": Hash(fields={"user_report": Text(choices=("fraudulent", "safe"), unset=True, required=True)}),
    "expand": EXPAND,
}
CAPTURE = {
    "amount": AMOUNT,
    "receipt_email": EMAIL,
    "transfer_group": TEXT,
    "expand": EXPAND,
    **_DESCRIPTORS,
}


def create(params: dict[str, Any]) -> dict[str, Any]:
    """Charge a token, or a customer's card; raises `Declined` with the failed charge's id."""
    amounts.check_charge(params["amount"], params["currency"])
    known, source = sources.resolve(params.get("source"), params.get("customer"))
    body = engine.blank(params["amount"], params["currency"])
    body |= {
        "billing_details": engine.billing(known),
        "captured": params.get("capture", True),
        "customer": params.get("customer"),
        "description": params.get("description"),
        "metadata": merged({}, params.get("metadata")),
        "payment_method": source["id"],
        "receipt_email": params.get("receipt_email"),
        "shipping": shipping(params.get("shipping")),
        "source": source,
        "statement_descriptor": params.get("statement_descriptor"),
        "statement_descriptor_suffix": params.get("statement_descriptor_suffix"),
        "transfer_group": params.get("transfer_group"),
    }
    charge, decline = engine.attempt(
        body, known, engine.legacy_decline(known), booked=assumptions.LEGACY_BALANCE_AT_ONCE
    )
    events.emit("charge.failed" if decline else "charge.succeeded", charge.body)
    if decline:
        raise engine.refusal(decline, kept=True, charge=charge.sid)
    engine.after_payment(charge, known)
    if not assumptions.LEGACY_BALANCE_AT_ONCE:
        schedule.later("charge_updated", charge.sid, conf.get("CAPTURE_DELAY"))
    return charge.body


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return store.get("charge", sid).body


def update(params: dict[str, Any], sid: str) -> dict[str, Any]:
    charge = store.get("charge", sid)
    _check_update(charge.body, params)
    with changing(charge, "charge.updated") as body:
        body |= {k: v for k, v in params.items() if k not in ("expand", "metadata", "shipping")}
        if "metadata" in params:
            body["metadata"] = merged(body["metadata"], params["metadata"])
        if "shipping" in params:
            body["shipping"] = shipping(params["shipping"])
        if "fraud_details" in params:
            report = params["fraud_details"]["user_report"]
            body["fraud_details"] = {"user_report": report} if report else {}
    return charge.body


def _check_update(charge: dict[str, Any], params: dict[str, Any]) -> None:
    """Raise `ApiError` for what is the intent's, and for what may be set once.

    https://docs.stripe.com/api/charges/update
    """
    if "customer" in params:
        store.get("customer", params["customer"], "customer", status=400)
    for name in ("customer", "transfer_group"):
        if params.get(name, charge[name]) == charge[name]:
            continue
        if charge["payment_intent"]:
            raise errors.ApiError(
                f"This Charge was created by a PaymentIntent ({charge['payment_intent']}). You must update the "
                f"`{name}` on the PaymentIntent instead of updating the Charge directly. See "
                f"{errors.API}/api#update_payment_intent"
            )
        if charge[name] is not None:
            raise errors.ApiError(f"The `{name}` of a charge can be set only once.", param=name, assumed=True)


def capture(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """Take the money that was only reserved; what is not taken is refunded."""
    charge = store.get("charge", sid, "charge")
    if charge.body["payment_intent"]:
        raise errors.unsupported("capturing a payment intent's charge")
    if charge.body["captured"]:
        raise errors.ApiError(f"Charge {sid} has already been captured.", code="charge_already_captured")
    if charge.body["status"] != "succeeded" or charge.body["refunded"]:
        code = "charge_expired_for_capture" if charge.body["refunded"] else None
        raise errors.ApiError(f"Charge {sid} cannot be captured.", code=code)
    amount = params.get("amount", charge.body["amount"])
    if amount > charge.body["amount"]:
        raise errors.ApiError(
            "You cannot capture more than the authorized amount.", code="amount_too_large", param="amount"
        )
    amounts.check_minimum(amount, charge.body["currency"], None)
    amounts.check_step(amount, charge.body["currency"])
    schedule.cancel("authorization_expires", sid)
    _capture(charge, amount, params)
    return charge.body


def _capture(charge: StripeObject, amount: int, params: dict[str, Any]) -> None:
    with changing(charge, "charge.captured") as body:
        body |= {k: v for k, v in params.items() if k not in ("expand", "amount")}
        body["captured"] = True
        body["amount_captured"] = amount
        body["amount_refunded"] = body["amount"] - amount
        body["balance_transaction"] = engine.book(body)
    engine.plan_disputes(charge, StoredCard(**charge.private["card"]))


def listed(params: dict[str, Any]) -> dict[str, Any]:
    filters: dict[str, Any] = {name: params[name] for name in ("customer", "payment_intent") if name in params}
    if "transfer_group" in params:
        filters["body__transfer_group"] = params["transfer_group"]
    return store.listing(PATH, "charge", params, **filters)


ROUTES = [
    Route("POST", PATH, create, CREATE),
    Route("GET", PATH, listed, {**LIST, **CREATED, "customer": TEXT, "payment_intent": TEXT, "transfer_group": TEXT}),
    Route("GET", f"{PATH}/{{sid}}", retrieve),
    Route("POST", f"{PATH}/{{sid}}", update, UPDATE),
    Route("POST", f"{PATH}/{{sid}}/capture", capture, CAPTURE),
]
