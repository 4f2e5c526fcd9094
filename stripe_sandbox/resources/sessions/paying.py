"""What happens on the hosted page: a session is paid, declined, or waits for the visitor's bank or store."""

from __future__ import annotations

import copy
from typing import Any
from zoneinfo import ZoneInfo

from stripe_sandbox import ids, store
from stripe_sandbox.api import origin
from stripe_sandbox.api.shapes import merged, shipping
from stripe_sandbox.cards.card import Decline
from stripe_sandbox.cards.entered import StoredCard
from stripe_sandbox.clock import schedule
from stripe_sandbox.models import StripeObject
from stripe_sandbox.resources import customers, payment_methods, sessions
from stripe_sandbox.resources.charges import engine
from stripe_sandbox.resources.payment_intents import lifecycle
from stripe_sandbox.webhooks import events
from stripe_sandbox.webhooks.events import changing

from . import konbini, objects

_JAPAN = ZoneInfo("Asia/Tokyo")
_VOUCHER_DAYS = 3


def by_card(session: StripeObject, known: StoredCard, who: dict[str, Any]) -> Decline | None:
    """Pay an open session with a card; `who` is what the visitor typed: email, name, address.

    Returns why it was declined. Afterwards the session is complete, or its intent `requires_action`.
    """
    intent, fresh = _intent(session, who)
    method = payment_methods.add(known, email=who["email"], name=who["name"])
    passes = known.card.secure != "required" and known.decline is None
    # Seen in real logs: `created` arrives after `succeeded`. Code that relies on the order fails here.
    if fresh and not passes:
        events.emit("payment_intent.created", fresh)
    decline = lifecycle.confirm(intent, method, return_url=done_url(session))
    if fresh and passes:
        events.emit("payment_intent.created", fresh)
    if intent.body["status"] == "succeeded":
        complete(session, intent)
    return decline


def done_url(session: StripeObject) -> str:
    return f"{origin.visitor()}/c/pay/{session.sid}/done/"


def _intent(session: StripeObject, who: dict[str, Any]) -> tuple[StripeObject, dict[str, Any] | None]:
    """Return the session's intent, made at the first attempt; and, where it is new, as it began."""
    with changing(session) as body:
        body["customer_details"] = objects.details(who["email"], who["name"], who["address"])
        held = store.find("payment_intent", body["payment_intent"] or "")
        if held:
            return held, None
        intent = store.add(_blank_intent(session), session=session.sid)
        body["payment_intent"] = intent.sid
    return intent, copy.deepcopy(intent.body)


def _blank_intent(session: StripeObject) -> dict[str, Any]:
    wanted = session.private["intent"]
    body = lifecycle.blank(session.body["amount_total"], session.body["currency"])
    body["payment_method_types"] = session.body["payment_method_types"]
    body["customer"] = session.body["customer"]
    body["capture_method"] = wanted.get("capture_method", "automatic_async")
    names = """
    description metadata receipt_email setup_future_usage statement_descriptor statement_descriptor_suffix
    transfer_group
    """
    body |= {name: wanted[name] for name in names.split() if name in wanted}
    body["shipping"] = shipping(wanted.get("shipping"))
    body["metadata"] = merged({}, body["metadata"])
    return body


def complete(session: StripeObject, intent: StripeObject) -> None:
    """Close a session whose visitor is done: paid, or with a voucher in hand."""
    paid = intent.body["status"] == "succeeded"
    # A card that is to be kept needs one to be kept for:
    # https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-payment_intent_data-setup_future_usage
    is_needed = session.body["customer_creation"] == "always" or intent.body["setup_future_usage"]
    if is_needed and not session.body["customer"]:
        customer = customers.of_checkout(session.body["customer_details"])
        session.body["customer"] = customer.sid
        for sid in filter(None, (intent.sid, intent.body["latest_charge"])):
            with changing(StripeObject.objects.get(sid=sid)) as body:
                body["customer"] = customer.sid
        intent.body["customer"] = customer.sid
        if paid:
            lifecycle.keep(intent, store.get("payment_method", intent.body["payment_method"]))
    with changing(session) as body:
        body |= {
            "collected_information": {"business_name": None, "individual_name": None, "shipping_details": None},
            "payment_status": "paid" if paid else "unpaid",
            "status": "complete",
            "url": None,
        }
    schedule.cancel("session_expires", session.sid)
    completed = events.emit("checkout.session.completed", session.body, asked=False)
    session.private["completed"] = completed.sid
    session.save()


def authenticated(intent: StripeObject, *, passed: bool) -> Decline | None:
    """Go on after 3-D Secure; returns why the payment failed."""
    method = payment_methods.resolve(intent.body["payment_method"], intent.body["customer"])
    if passed:
        decline = lifecycle.settle(intent, method, authenticated=True)
    else:
        decline = lifecycle.UNAUTHENTICATED
        lifecycle.fail(intent, method, decline)
    session = store.find(sessions.KIND, intent.private.get("session", ""))
    if decline is None and session:
        complete(session, intent)
    return decline


def by_konbini(session: StripeObject, who: dict[str, Any]) -> None:
    """Hand out a voucher: the session is complete and unpaid until the customer has been to the store."""
    intent, fresh = _intent(session, who)
    method = payment_methods.add_konbini(email=who["email"], name=who["name"])
    if fresh:
        events.emit("payment_intent.created", fresh)
    expires = konbini.expiry(store.today(_JAPAN), _VOUCHER_DAYS)
    with changing(intent) as body:
        body |= {
            "last_payment_error": None,
            "next_action": konbini.voucher(intent.sid, expires),
            "payment_method": method.sid,
            "payment_method_options": {"konbini": konbini.options()},
            "status": "requires_action",
        }
    events.emit("payment_intent.requires_action", intent.body)
    complete(session, intent)
    konbini.plan(session.sid, who["email"], expires)


def _voucher(session: StripeObject) -> StripeObject | None:
    """Return the intent whose voucher is still open, or None."""
    intent = store.get("payment_intent", session.body["payment_intent"])
    return intent if intent.body["status"] == "requires_action" else None


def voucher_paid(session: StripeObject) -> None:
    """Let the customer pay at the store."""
    if not (intent := _voucher(session)):
        return
    schedule.cancel("konbini_expires", session.sid)
    method = store.get("payment_method", intent.body["payment_method"])
    body = engine.blank(intent.body["amount"], intent.body["currency"], sid=ids.sibling(intent.sid, "py"))
    body |= {name: intent.body[name] for name in ("customer", "description", "metadata", "receipt_email")}
    body |= konbini.paid(intent, method)
    body["receipt_url"] = engine.receipt_url(body["id"])
    charge = store.add(body)
    charge.body["balance_transaction"] = engine.book(charge.body)
    charge.save()
    with changing(intent) as content:
        content |= {"amount_received": content["amount"], "latest_charge": charge.sid, "next_action": None}
        content["status"] = "succeeded"
    with changing(session) as content:
        content["payment_status"] = "paid"
    events.emit("charge.succeeded", charge.body, asked=False)
    events.emit("payment_intent.succeeded", intent.body, asked=False)
    events.emit("checkout.session.async_payment_succeeded", session.body, asked=False)


def voucher_expired(session: StripeObject) -> None:
    """Let the voucher lapse unpaid."""
    if not (intent := _voucher(session)):
        return
    schedule.cancel("konbini_paid", session.sid)
    method = store.get("payment_method", intent.body["payment_method"])
    lifecycle.fail(intent, method, konbini.LAPSED)
    events.emit("checkout.session.async_payment_failed", session.body, asked=False)
