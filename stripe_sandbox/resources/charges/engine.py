"""What every charge goes through, whether a token or a payment intent pays: the issuer's answer, and its traces."""

from __future__ import annotations

from typing import Any

from stripe_sandbox import assumptions, conf, ids, store
from stripe_sandbox.api import origin
from stripe_sandbox.cards import objects
from stripe_sandbox.cards.card import IN_JAPAN, UNAUTHENTICATED, Decline
from stripe_sandbox.cards.entered import StoredCard
from stripe_sandbox.clock import schedule
from stripe_sandbox.errors import Declined
from stripe_sandbox.models import StripeObject
from stripe_sandbox.resources import balances, card_tokens
from stripe_sandbox.webhooks import events

_NETWORK = {"blocked": "not_sent_to_network", "issuer_declined": "declined_by_network"}
_SCORES = {"normal": 32, "elevated": 67, "highest": 92}
_NO_DETAILS = "The bank did not return any further details with this decline."
_HOLD = 7 * 24 * 3600
# Seconds until a payment is disputed.
DISPUTED_AFTER = 1


def legacy_decline(known: StoredCard) -> Decline | None:
    """Return why a charge without the visitor is declined: the visitor is not there to authenticate."""
    if card_tokens.mode() == "japan":
        return IN_JAPAN
    asked = known.card.issuer_asks or not assumptions.RADAR_3DS_CHARGE_SUCCEEDS
    if known.card.secure in ("required", "frictionless") and asked:
        return UNAUTHENTICATED
    return known.decline


def billing(known: StoredCard, **who: str | None) -> dict[str, Any]:
    return objects.billing(known, **who)


def blank(amount: int, currency: str, *, sid: str | None = None) -> dict[str, Any]:
    """Return a charge that nothing has happened to; `amount` in the smallest unit."""
    return {
        "id": sid or ids.new("ch", generation="3"),
        "object": "charge",
        "amount": amount,
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": objects.billing(None),
        "calculated_statement_descriptor": conf.get("BUSINESS_NAME").upper()[:22],
        "captured": True,
        "created": store.now(),
        "currency": currency,
        "customer": None,
        "description": None,
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": {},
        "on_behalf_of": None,
        "outcome": None,
        "paid": False,
        "payment_intent": None,
        "payment_method": None,
        "payment_method_details": None,
        "presentment_details": None,
        "radar_options": {},
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "pending",
        "transfer_data": None,
        "transfer_group": None,
    }


def attempt(
    body: dict[str, Any], known: StoredCard, decline: Decline | None, *, booked: bool, authenticated: bool = False
) -> tuple[StripeObject, Decline | None]:
    """Keep the charge as the issuer's answer leaves it; `booked`: its balance transaction is there at once."""
    body["payment_method_details"] = objects.details(
        known, body["amount"], authenticated=authenticated, approved=decline is None
    )
    body["outcome"] = outcome(known, decline)
    if decline:
        body |= {
            "captured": False,
            "failure_code": decline.code,
            "failure_message": decline.message,
            "status": "failed",
        }
    else:
        body |= {"paid": True, "receipt_url": receipt_url(body["id"]), "status": "succeeded"}
        if body["captured"]:
            body["amount_captured"] = body["amount"]
            body["balance_transaction"] = book(body, known) if booked else None
    return store.add(body, card=known.keep()), decline


def outcome(known: StoredCard, decline: Decline | None) -> dict[str, Any]:
    """Return the issuer's response in the form of `outcome`."""
    answer: dict[str, Any] = {
        "advice_code": decline.advice if decline else None,
        "network_advice_code": None,
        "network_decline_code": decline.network_code if decline else None,
        "network_status": _NETWORK[decline.type] if decline else "approved_by_network",
        "reason": (decline.decline_code or decline.code) if decline else None,
        "risk_level": known.card.risk,
        "risk_score": _SCORES[known.card.risk],
        "seller_message": _NO_DETAILS if decline else "Payment complete.",
        "type": decline.type if decline else "authorized",
    }
    if decline and decline.type == "blocked":
        answer |= {"reason": "highest_risk_level", "seller_message": "Stripe blocked this payment as too risky."}
    return answer


def refusal(decline: Decline, **more: Any) -> Declined:
    """Return the 402 for a declined card; with `kept`, the failed charge stays."""
    return Declined(
        decline.message,
        code=decline.code,
        decline_code=decline.decline_code or None,
        advice_code=decline.advice,
        network_decline_code=decline.network_code,
        param=decline.param,
        assumed=decline.assumed,
        **more,
    )


def book(charge: dict[str, Any], known: StoredCard | None = None) -> str:
    """Book what was captured, less the fee; return the balance transaction's id."""
    available = known is not None and known.behaviour in ("bypass_pending", "bypass_pending_ie")
    amount = charge["amount_captured"]
    return balances.record("charge", charge, amount, balances.fee(amount), available=available)["id"]


def receipt_url(sid: str) -> str:
    return f"{origin.visitor()}/sandbox/receipts/{sid}/"


def after_payment(charge: StripeObject, known: StoredCard) -> None:
    """Plan what Stripe does later without a call: a dispute, or letting go of money that is never captured."""
    if charge.body["captured"]:
        plan_disputes(charge, known)
    else:
        schedule.later("authorization_expires", charge.sid, _HOLD)


def plan_disputes(charge: StripeObject, known: StoredCard) -> None:
    """Plan the disputes that a card brings once its money is taken."""
    for _ in range(known.card.disputes if known.card.dispute else 0):
        schedule.later("dispute", charge.sid, DISPUTED_AFTER)


def catch_up(charge: StripeObject, known: StoredCard | None) -> None:
    """Add the balance transaction of an asynchronous capture, and emit its event."""
    before = {"balance_transaction": None, "receipt_url": charge.body["receipt_url"]}
    if charge.body["balance_transaction"] or not charge.body["captured"]:
        return
    charge.body["balance_transaction"] = book(charge.body, known)
    charge.save()
    events.emit("charge.updated", charge.body, before=charge.body | before, asked=False)
