"""Checkout Sessions. https://docs.stripe.com/api/checkout/sessions"""

from __future__ import annotations

from typing import Any

from stripe_sandbox import errors, money, store
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.shapes import LIST, merged
from stripe_sandbox.clock import schedule
from stripe_sandbox.models import StripeObject
from stripe_sandbox.resources import amounts, old_parameters
from stripe_sandbox.webhooks import events
from stripe_sandbox.webhooks.events import changing

from . import line_items, objects, parameters

PATH = "/v1/checkout/sessions"
KIND = "checkout.session"
# Amounts that a konbini payment may have, in yen: https://docs.stripe.com/payments/konbini
KONBINI_AMOUNTS = range(120, 300_001)


def create(params: dict[str, Any]) -> dict[str, Any]:
    """Open a session and its hosted page."""
    if "payment_method_types" in params:
        params["allowed_payment_method_types"] = old_parameters.payment_method_types(params, "Checkout Session")
    parameters.check(params)
    lines = line_items.build(params["line_items"])
    currency, total = lines[0]["currency"], sum(line["amount_total"] for line in lines)
    if "currency" in params and params["currency"].lower() != currency:
        raise errors.ApiError(
            f"The currency `{params['currency']}` differs from that of the line items.", param="currency"
        )
    check_total(total, currency)
    customer = _customer(params)
    offered = methods(currency, total, params)
    if "card" in offered and (params.get("payment_intent_data") or {}).get("statement_descriptor"):
        raise errors.descriptor_of_a_card("payment_intent_data[statement_descriptor]")
    body = objects.blank(currency, total, offered)
    names = """
    cancel_url client_reference_id customer customer_email locale success_url submit_type expires_at
    billing_address_collection allow_promotion_codes adaptive_pricing origin_context phone_number_collection
    integration_identifier allowed_payment_method_types excluded_payment_method_types
    """.split()
    body |= {name: params[name] for name in names if name in params}
    body["metadata"] = merged({}, params.get("metadata"))
    body["custom_text"] |= params.get("custom_text") or {}
    body["customer_creation"] = None if customer else params.get("customer_creation", "if_required")
    if "customer_email" in params:
        body["customer_details"] = objects.details(params["customer_email"])
    session = store.add(body, lines=lines, intent=params.get("payment_intent_data") or {})
    schedule.at("session_expires", session.sid, body["expires_at"])
    return session.body


def _customer(params: dict[str, Any]) -> StripeObject | None:
    if not params.get("customer"):
        return None
    return store.get("customer", params["customer"], "customer", status=400)


def check_total(total: int, currency: str) -> None:
    """Raise for a total, in the smallest unit, that cannot be paid."""
    rule = money.CURRENCIES[currency]
    if total < rule.minimum:
        least = money.written(rule.minimum, currency)
        raise errors.ApiError(
            f"The Checkout Session's total amount due must add up to at least {least} {currency}",
            code="amount_too_small",
        )
    if total > rule.maximum:
        most = money.written(rule.maximum, currency)
        raise errors.ApiError(
            f"The Checkout Session's total amount due must be no more than {most} {currency}",
            code="amount_too_large",
        )
    amounts.check_step(total, currency, "line_items")


def methods(currency: str, total: int, params: dict[str, Any]) -> list[str]:
    """Return the payment methods on offer: cards, and konbini for yen where nothing is to be kept for later."""
    offered = ["card"]
    is_kept = (params.get("payment_intent_data") or {}).get("setup_future_usage")
    if currency == "jpy" and total in KONBINI_AMOUNTS and not is_kept:
        offered.append("konbini")
    allowed = params.get("allowed_payment_method_types") or offered
    excluded = params.get("excluded_payment_method_types") or []
    offered = [name for name in offered if name in allowed and name not in excluded]
    if not offered:
        raise errors.ApiError(
            "No valid payment method types for this Checkout Session. Please ensure that you have activated "
            "payment methods compatible with your chosen currency and configuration.",
        )
    return offered


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return get(sid).body


def get(sid: str) -> StripeObject:
    """Return the session; one whose time has passed is expired first."""
    session = store.get(KIND, sid, "session")
    if session.body["status"] == "open" and session.body["expires_at"] <= store.now():
        end(session, asked=False)
    return session


def update(params: dict[str, Any], sid: str) -> dict[str, Any]:
    session = get(sid)
    with changing(session) as body:
        if "metadata" in params:
            body["metadata"] = merged(body["metadata"], params["metadata"])
    return session.body


def expire(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """Close an open session; raises for one that is complete or expired."""
    session = get(sid)
    if session.body["status"] != "open":
        raise errors.ApiError(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a '
            f"status of `{session.body['status']}`."
        )
    end(session)
    return session.body


def end(session: StripeObject, *, asked: bool = True) -> None:
    """Expire the session and cancel what had begun."""
    with changing(session) as body:
        body |= {"status": "expired", "url": None}
    schedule.cancel("session_expires", session.sid)
    if intent := store.find("payment_intent", session.body["payment_intent"] or ""):
        with changing(intent) as body:
            body |= {"canceled_at": store.now(), "cancellation_reason": "expired", "status": "canceled"}
            body["next_action"] = None
        events.emit("payment_intent.canceled", intent.body, asked=asked)
    events.emit("checkout.session.expired", session.body, asked=asked)


def lines(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """Return a page of the session's line items."""
    session = get(sid)
    data = session.private["lines"]
    names = [line["id"] for line in data]
    limit = params.get("limit", 10)
    for name in ("starting_after", "ending_before"):
        if name in params and params[name] not in names:
            raise errors.no_such("item", params[name], name, status=400)
    if "ending_before" in params:
        before = names.index(params["ending_before"])
        page, more = data[max(0, before - limit) : before], before > limit
    else:
        start = names.index(params["starting_after"]) + 1 if "starting_after" in params else 0
        page, more = data[start : start + limit], len(data) > start + limit
    return store.as_list(f"{PATH}/{sid}/line_items", page, has_more=more)


def listed(params: dict[str, Any]) -> dict[str, Any]:
    filters: dict[str, Any] = {name: params[name] for name in ("customer", "payment_intent") if name in params}
    if "status" in params:
        filters["tag"] = params["status"]
    if "customer_details" in params:
        filters["email"] = params["customer_details"]["email"]
    return store.listing(PATH, KIND, params, **filters)


ROUTES = [
    Route("POST", PATH, create, parameters.CREATE),
    Route("GET", PATH, listed, parameters.LISTED),
    Route("GET", f"{PATH}/{{sid}}", retrieve),
    Route("POST", f"{PATH}/{{sid}}", update, parameters.UPDATE),
    Route("POST", f"{PATH}/{{sid}}/expire", expire),
    Route("GET", f"{PATH}/{{sid}}/line_items", lines, LIST),
]
