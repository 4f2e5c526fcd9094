"""Payment intents. https://docs.stripe.com/api/payment_intents"""

from __future__ import annotations

from typing import Any

from stripe_sandbox import errors, store
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.shapes import CREATED, LIST, ONE, TEXT, merged, shipping
from stripe_sandbox.cards.card import UNAUTHENTICATED, Decline
from stripe_sandbox.errors import Declined
from stripe_sandbox.models import StripeObject
from stripe_sandbox.resources import amounts, old_parameters, payment_methods
from stripe_sandbox.resources.charges import engine
from stripe_sandbox.webhooks import events
from stripe_sandbox.webhooks.events import changing

from . import lifecycle, parameters

PATH = "/v1/payment_intents"
_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action", "requires_capture", "processing")
# As Stripe's refusal of a cancellation lists them.
_CANCELABLE = (
    "requires_payment_method, requires_capture, requires_reauthorization, requires_confirmation, requires_action, "
    "expired, processing"
)
_UNPAID = ("requires_payment_method", "requires_confirmation", "requires_action")
_PLAIN = tuple(
    """
    customer description receipt_email setup_future_usage statement_descriptor statement_descriptor_suffix
    transfer_group
    """.split()
)


def _fill(body: dict[str, Any], params: dict[str, Any]) -> None:
    if "payment_method_types" in params:
        body["payment_method_types"] = old_parameters.payment_method_types(params, "PaymentIntent")
        if params.get("statement_descriptor") and "card" in body["payment_method_types"]:
            raise errors.descriptor_of_a_card("statement_descriptor")
    if params.get("customer"):
        store.get("customer", params["customer"], "customer", status=400)
    body |= {name: params[name] for name in _PLAIN if name in params}
    if "metadata" in params:
        body["metadata"] = merged(body["metadata"], params["metadata"])
    if "shipping" in params:
        body["shipping"] = shipping(params["shipping"])


def create(params: dict[str, Any]) -> dict[str, Any]:
    amounts.check_charge(params["amount"], params["currency"])
    body = lifecycle.blank(params["amount"], params["currency"])
    _fill(body, params)
    automatic = params.get("automatic_payment_methods") or {"enabled": True}
    listed = "payment_method_types" in params and "automatic_payment_methods" not in params
    body["automatic_payment_methods"] = (
        None
        if listed
        else {
            "allow_redirects": automatic.get("allow_redirects", "always"),
            "enabled": automatic["enabled"],
        }
    )
    body["capture_method"] = params.get("capture_method", "automatic_async")
    body["confirmation_method"] = params.get("confirmation_method", "automatic")
    if "payment_method" in params:
        body["payment_method"] = payment_methods.resolve(params["payment_method"], body["customer"]).sid
        body["status"] = "requires_confirmation"
    intent = store.add(body)
    events.emit("payment_intent.created", intent.body)
    return _confirm(intent, params) if params.get("confirm") else intent.body


def _confirm(intent: StripeObject, params: dict[str, Any]) -> dict[str, Any]:
    named = params.get("payment_method") or intent.body["payment_method"]
    if not named:
        raise _without_method(intent.body)
    method = payment_methods.resolve(named, intent.body["customer"])
    automatic = intent.body["automatic_payment_methods"] or {}
    if automatic.get("enabled") and automatic.get("allow_redirects") != "never" and not params.get("return_url"):
        raise errors.ApiError(
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some "
            "of these payment methods might redirect your customer off of your page, you must provide a "
            "`return_url`. If you don't want to accept redirect-based payment methods, set "
            "`automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to "
            "`never` when creating Setup Intents and Payment Intents.",
        )
    known = payment_methods.known(method)
    if known and intent.body["statement_descriptor"]:
        raise errors.descriptor_of_a_card("statement_descriptor")
    if (
        known
        and known.card.secure == "required"
        and ((params.get("off_session") and not known.card.set_up) or params.get("error_on_requires_action"))
    ):
        decline: Decline | None = UNAUTHENTICATED
        lifecycle.fail(intent, method, UNAUTHENTICATED)
    else:
        decline = lifecycle.confirm(
            intent, method, return_url=params.get("return_url"), off_session=params.get("off_session", False)
        )
    if decline:
        raise _declined(intent, method, decline)
    return intent.body


def _without_method(intent: dict[str, Any]) -> errors.ApiError:
    """Return the refusal to confirm an intent that has no payment method."""
    advice = (
        f"To confirm the PaymentIntent with {intent['customer']}, specify a payment method attached to this customer "
        "along with the customer ID."
        if intent["customer"]
        else "You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it "
        "again directly with a payment method or ConfirmationToken."
    )
    return _unexpected(intent, f"You cannot confirm this PaymentIntent because it's missing a payment method. {advice}")


def _unexpected(intent: dict[str, Any], message: str, param: str | None = None) -> errors.ApiError:
    return errors.ApiError(message, code="payment_intent_unexpected_state", param=param, payment_intent=intent)


def _declined(intent: StripeObject, method: StripeObject, decline: Decline) -> Declined:
    return engine.refusal(
        decline,
        kept=True,
        charge=intent.body["latest_charge"],
        payment_intent=intent.body,
        payment_method=method.body,
    )


def confirm(params: dict[str, Any], sid: str) -> dict[str, Any]:
    intent = _own(sid, "confirm")
    if intent.body["status"] not in ("requires_payment_method", "requires_confirmation"):
        raise _unexpected(
            intent.body,
            f"You cannot confirm this PaymentIntent because it has a status of {intent.body['status']}. Only a "
            "PaymentIntent with one of the following statuses may be confirmed: requires_payment_method, or "
            "requires_confirmation.",
        )
    _fill(intent.body, params)
    return _confirm(intent, params)


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return store.get("payment_intent", sid, "intent").body


def update(params: dict[str, Any], sid: str) -> dict[str, Any]:
    intent = store.get("payment_intent", sid, "intent")
    body = intent.body
    for name in ("amount", "currency", "payment_method"):
        if name in params and body["status"] not in _UNPAID:
            raise _unexpected(
                body,
                f"This PaymentIntent's {name} could not be updated because it has a status of {body['status']}. You "
                f"may only update the {name} of a PaymentIntent with one of the following statuses: "
                f"{', '.join(_UNPAID)}.",
                name,
            )
    if {"amount", "currency"} & set(params):
        amount, currency = params.get("amount", body["amount"]), params.get("currency", body["currency"]).lower()
        amounts.check_charge(amount, currency)
        body |= {"amount": amount, "currency": currency}
    _fill(intent.body, params)
    if "payment_method" in params:
        body["payment_method"] = payment_methods.resolve(params["payment_method"], body["customer"]).sid
        body |= {"next_action": None, "status": "requires_confirmation"}
    intent.save()
    return intent.body


def cancel(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """Give up the intent; one that Checkout made is canceled by expiring its session."""
    intent = _own(sid, "cancel")
    if intent.body["status"] not in _OPEN:
        raise _unexpected(
            intent.body,
            f"You cannot cancel this PaymentIntent because it has a status of {intent.body['status']}. Only a "
            f"PaymentIntent with one of the following statuses may be canceled: {_CANCELABLE}.",
        )
    with changing(intent) as body:
        body |= {
            "amount_capturable": 0,
            "canceled_at": store.now(),
            "cancellation_reason": params.get("cancellation_reason"),
            "next_action": None,
            "status": "canceled",
        }
    events.emit("payment_intent.canceled", intent.body)
    return intent.body


def _own(sid: str, verb: str) -> StripeObject:
    """Return an intent that no Checkout Session holds."""
    intent = store.get("payment_intent", sid, "intent")
    if intent.private.get("session"):
        raise errors.ApiError(
            f"You cannot {verb} PaymentIntents created by Checkout. Expire the Checkout Session instead: "
            "https://stripe.com/docs/api/checkout/sessions/expire.",
            code="payment_intent_unexpected_state",
        )
    return intent


def listed(params: dict[str, Any]) -> dict[str, Any]:
    filters = {"customer": params["customer"]} if "customer" in params else {}
    return store.listing(PATH, "payment_intent", params, **filters)


ROUTES = [
    Route("POST", PATH, create, parameters.CREATE),
    Route("GET", PATH, listed, {**LIST, **CREATED, "customer": TEXT}),
    Route("GET", f"{PATH}/{{sid}}", retrieve, {**ONE, "client_secret": TEXT}),
    Route("POST", f"{PATH}/{{sid}}", update, parameters.UPDATE),
    Route("POST", f"{PATH}/{{sid}}/confirm", confirm, parameters.CONFIRM),
    Route("POST", f"{PATH}/{{sid}}/cancel", cancel, parameters.CANCEL),
]
