"""Paying at a convenience store: a voucher, and cash some time later. https://docs.stripe.com/payments/konbini"""

from __future__ import annotations

import datetime
import secrets
from typing import Any

from stripe_sandbox import conf
from stripe_sandbox.api import origin
from stripe_sandbox.cards.card import Decline
from stripe_sandbox.clock import schedule
from stripe_sandbox.models import StripeObject

_STORES = ("familymart", "lawson", "ministop", "seicomart")
_AT_ONCE = 2
LAPSED = Decline(
    "payment_intent_payment_attempt_expired",
    "",
    "The payment attempt for this PaymentIntent expired: the voucher was not paid in time.",
    type="invalid",
)


def expiry(now: datetime.datetime, days: int) -> int:
    """Return the last second of the day `days` ahead, in Japan, as seconds since 1970."""
    day = now + datetime.timedelta(days=days)
    return int(day.replace(hour=23, minute=59, second=59, microsecond=0).timestamp())


def voucher(intent: str, expires: int) -> dict[str, Any]:
    """Return the `next_action` with a payment code for each chain."""
    return {
        "konbini_display_details": {
            "expires_at": expires,
            "hosted_voucher_url": f"{origin.visitor()}/sandbox/vouchers/{intent}/",
            "stores": {name: {"confirmation_number": _digits(11), "payment_code": _digits(13)} for name in _STORES},
        },
        "type": "konbini_display_details",
    }


def _digits(length: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(length))


def options() -> dict[str, Any]:
    return {
        "confirmation_number": None,
        "expires_after_days": None,
        "expires_at": None,
        "product_description": None,
    }


def plan(session: str, email: str, expires: int) -> None:
    """Plan what the customer does, by the documented test addresses: https://docs.stripe.com/testing"""
    name, delay = email.partition("@")[0], conf.get("KONBINI_DELAY")
    schedule.at("konbini_expires", session, expires)
    if name.endswith("succeed_immediately"):
        schedule.later("konbini_paid", session, _AT_ONCE)
    elif name.endswith(("expire_immediately", "expire_with_delay")):
        schedule.cancel("konbini_expires", session)
        pause = _AT_ONCE if name.endswith("immediately") else delay
        schedule.later("konbini_expires", session, pause)
    elif not name.endswith("fill_never"):
        schedule.later("konbini_paid", session, delay)


def paid(intent: StripeObject, method: StripeObject) -> dict[str, Any]:
    """Return the details of a charge paid at a store."""
    return {
        "amount_captured": intent.body["amount"],
        "billing_details": method.body["billing_details"],
        "outcome": {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "not_assessed",
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        "paid": True,
        "payment_intent": intent.sid,
        "payment_method": method.sid,
        "payment_method_details": {"konbini": {"store": {"chain": "familymart"}}, "type": "konbini"},
        "status": "succeeded",
    }
