"""The sandbox's settings: what `settings.STRIPE_SANDBOX` says, over these defaults."""

from __future__ import annotations

from typing import Any

import stripe
from django.conf import settings

DATABASE = "stripe_sandbox"
# The one version of the API: that of the installed stripe-python.
API_VERSION = stripe.api_version

# How card tokens behave: they work; they reached end of life, as on new accounts; every payment of the Charges API
# fails, as on Japanese accounts since 30 June 2025.
CARD_TOKENS = ("on", "ended", "japan")

DEFAULTS: dict[str, Any] = {
    "SECRET_KEY": "sk_test_sandbox",
    "PUBLISHABLE_KEY": "pk_test_sandbox",
    "WEBHOOK_SECRET": "",
    # Whether the dashboard and `manage.py sandbox` show it: not if it may be the secret of a real endpoint.
    "SHOW_WEBHOOK_SECRET": False,
    # A path is resolved to this machine's own address; empty: no endpoint but those made over the API.
    "WEBHOOK_URL": "",
    # Names, addresses and networks to which the other endpoints may be posted although they are private; "*": all.
    "WEBHOOK_ALLOW": (),
    # "thread" delivers while the server runs; "manual" leaves it to `stripe_sandbox.testing` and
    # to `POST /sandbox/control/deliveries/`.
    "DELIVERIES": "thread",
    # One of CARD_TOKENS; an account can choose another on its dashboard.
    "CARD_TOKENS": "on",
    # Seconds before each further attempt. Stripe's test mode: three more over a few hours, e.g. (60, 3600, 10800).
    "RETRY_PAUSES": (1, 3, 10, 30, 120),
    # Seconds an endpoint may take to answer.
    "DELIVERY_TIMEOUT": 10,
    # Seconds the hosted page waits, in one request and in all, for the endpoint before it sends the visitor back.
    # Stripe waits 10: https://docs.stripe.com/checkout/fulfillment
    "REDIRECT_WAIT": (2, 10),
    # Seconds until the balance transaction of a payment on the hosted page arrives with `charge.updated`.
    "CAPTURE_DELAY": 2,
    # Seconds a dispute with a test text as evidence is under review, until it is won, lost or escalated.
    "DISPUTE_DELAY": 5,
    # Seconds until an ordinary konbini customer walks to the store.
    "KONBINI_DELAY": 180,
    # Seconds a call with a timeout fault is held before its connection is dropped.
    "FAULT_TIMEOUT": 90,
    # One line per event on the console, as `stripe listen` prints it.
    "CONSOLE": True,
    # Whether other origins may show the card dialog: only when the sandbox runs alone.
    "ALONE": False,
    # The account that is simulated: konbini needs a Japanese one.
    "ACCOUNT_ID": "acct_1SandboxBoard0000",
    "COUNTRY": "JP",
    "DEFAULT_CURRENCY": "jpy",
    "BUSINESS_NAME": "Sandbox shop",
}


def get(name: str) -> Any:
    """Return one setting; the name must be one of `DEFAULTS`."""
    return getattr(settings, "STRIPE_SANDBOX", {}).get(name, DEFAULTS[name])
