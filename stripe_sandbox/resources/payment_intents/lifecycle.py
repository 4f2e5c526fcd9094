"""What a payment intent goes through: from its method to the money. The hosted page and the API both come here."""

from __future__ import annotations

from typing import Any

from stripe_sandbox import assumptions, conf, ids, store
from stripe_sandbox.api import current, origin
from stripe_sandbox.cards.card import Decline
from stripe_sandbox.clock import schedule
from stripe_sandbox.models import StripeObject
from stripe_sandbox.resources import payment_methods
from stripe_sandbox.resources.charges import engine
from stripe_sandbox.webhooks import events
from stripe_sandbox.webhooks.events import changing

UNAUTHENTICATED = Decline(
    "payment_intent_authentication_failure",
    "",
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new "
    "PaymentMethod to attempt to fulfill this PaymentIntent again.",
)


def blank(amount: int, currency: str) -> dict[str, Any]:
    """Return a payment intent that nothing has happened to; `amount` in the smallest unit."""
    sid = ids.new("pi", generation="3")
    return {
        "id": sid,
        "object": "payment_intent",
        "allowed_payment_method_types": None,
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{sid}_secret_{ids.text(25)}",
        "confirmation_method": "automatic",
        "created": store.now(),
        "currency": currency,
        "customer": None,
        "customer_account": None,
        "description": None,
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": ["card"],
        "payment_record": None,
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shared_payment_granted_token": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def confirm(
    intent: StripeObject, method: StripeObject, *, return_url: str | None = None, off_session: bool = False
) -> Decline | None:
    """Pay with a card: succeed, be declined, or wait for 3-D Secure. Emits all events but the intent's creation."""
    known = payment_methods.card_of(method)
    with changing(intent) as body:
        body |= {"payment_method": method.sid, "last_payment_error": None, "status": "requires_confirmation"}
    if known.card.secure == "required" and not (off_session and known.card.set_up):
        _ask(intent, return_url)
        return None
    return settle(intent, method, authenticated=known.card.secure == "frictionless")


def _ask(intent: StripeObject, return_url: str | None) -> None:
    url = f"{origin.visitor()}/sandbox/authenticate/{intent.sid}/?secret={intent.body['client_secret']}"
    with changing(intent) as body:
        body["status"] = "requires_action"
        if return_url:
            body["next_action"] = {
                "redirect_to_url": {"return_url": return_url, "url": url},
                "type": "redirect_to_url",
            }
        else:
            body["next_action"] = {
                "type": "use_stripe_sdk",
                "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": url},
            }
    events.emit("payment_intent.requires_action", intent.body)


def settle(intent: StripeObject, method: StripeObject, *, authenticated: bool = False) -> Decline | None:
    """Charge the card: what the issuer answers decides; returns why it was declined."""
    known = payment_methods.card_of(method)
    body = intent.body
    charge = engine.blank(body["amount"], body["currency"], sid=ids.sibling(intent.sid, "ch"))
    copied = ("customer", "description", "metadata", "receipt_email", "shipping", "transfer_group")
    charge |= {name: body[name] for name in (*copied, "statement_descriptor", "statement_descriptor_suffix")}
    charge |= {
        "billing_details": method.body["billing_details"],
        "payment_intent": intent.sid,
        "payment_method": method.sid,
    }
    booked = body["capture_method"] == "automatic"
    paid, decline = engine.attempt(charge, known, known.decline, booked=booked, authenticated=authenticated)
    if decline:
        fail(intent, method, decline, charge=paid)
    else:
        _succeed(intent, paid)
        keep(intent, method)
        engine.after_payment(paid, known)
        if known.card.dispute:
            _notify_after_disputes(intent)
        else:
            events.emit("payment_intent.succeeded", intent.body)
        if not booked:
            schedule.later("charge_updated", paid.sid, conf.get("CAPTURE_DELAY"))
    return decline


def _succeed(intent: StripeObject, charge: StripeObject) -> None:
    with changing(intent) as body:
        body |= {"amount_received": body["amount"], "latest_charge": charge.sid, "next_action": None}
        body["status"] = "succeeded"
    events.emit("charge.succeeded", charge.body)


def keep(intent: StripeObject, method: StripeObject) -> None:
    """Attach a method that is to be used again to the intent's customer, if there is one and the method has none."""
    customer = intent.body["customer"]
    if intent.body["setup_future_usage"] and customer and not method.body["customer"]:
        payment_methods.attach(method, customer)


def _notify_after_disputes(intent: StripeObject) -> None:
    """Plan the event of a payment that is disputed at once: Stripe's order has it after the disputes'."""
    request = current.request()
    intent.private["paid_by"] = {"id": request.id, "idempotency_key": request.idempotency_key}
    intent.save()
    schedule.later("intent_succeeded", intent.sid, engine.DISPUTED_AFTER)


def notify_success(intent: StripeObject) -> None:
    """Emit the event that was planned after the disputes, with the request that paid as its cause."""
    with current.answering(**intent.private["paid_by"]):
        events.emit("payment_intent.succeeded", intent.body)


def fail(intent: StripeObject, method: StripeObject, decline: Decline, *, charge: StripeObject | None = None) -> None:
    """Leave the intent open for another method, with what went wrong."""
    error = engine.refusal(decline, charge=charge.sid if charge else None).body
    with changing(intent) as body:
        body["latest_charge"] = charge.sid if charge else body["latest_charge"]
        body["last_payment_error"] = {
            **error,
            "payment_method": method.body,
            "payment_method_type": method.body["type"],
        }
        body["next_action"] = None
        body["payment_method"] = None
        body["status"] = "requires_payment_method"
    for kind in assumptions.DECLINED_EVENTS:
        about = intent if kind.startswith("payment_intent.") else charge
        if about:
            events.emit(kind, about.body)
