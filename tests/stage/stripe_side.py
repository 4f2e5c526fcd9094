"""Stripe as the tests reach it: the sandbox that the site itself serves, or one in another process.

`tests.settings` says which. Both are asked by the same addresses, so that no test has to know.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode

import requests
import stripe
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string

Delivery = tuple[bytes, dict[str, str]]  # a body and its headers

# The client by which the site reaches Stripe, whatever a test sets meanwhile.
HttpClient: type[stripe.HTTPClient] = import_string(settings.TEST_STRIPE_CLIENT)


def address(site: str) -> str:
    """Return where a browser that visits the site at this address finds Stripe."""
    return settings.TEST_STRIPE_API_BASE or site


def signed_deliveries(*, ahead: float = 0) -> list[Delivery]:
    """Return each due delivery, really signed; each counts as answered 200.

    `ahead`: seconds to let pass first, so that what Stripe does later (`charge.updated` after 2 s, a konbini
    payment after 180 s) has happened too.
    """
    found = _control("deliveries", ahead=ahead)["deliveries"]
    return [(each["body"].encode(), each["headers"]) for each in found]


def order_fault(effect: str, times: int = 1) -> None:
    """Order a fault for the next calls or deliveries."""
    _control("faults", effect=effect, times=times)


def choose_card_tokens(mode: str) -> None:
    """Let the account take card tokens, "on", or be one that does not, "ended" or "japan"; "" is what is usual."""
    _control("card_tokens", mode=mode)


def clear() -> None:
    """Delete all that Stripe has stored."""
    _control("clear")


def environment(folder: Path) -> dict[str, str]:
    """Return the settings of a site in another process that reaches the same Stripe, or one like it in `folder`."""
    if settings.TEST_STRIPE_API_BASE:
        secret = ",".join(settings.STRIPE_WEBHOOK_SECRETS)
        return {"STRIPE_API_BASE": settings.TEST_STRIPE_API_BASE, "STRIPE_WEBHOOK_SECRET": secret}
    return {"STRIPE_SANDBOX_DATABASE": str(folder / "sandbox.sqlite3"), "STRIPE_SANDBOX_WEBHOOK_URL": ""}


def _control(action: str, **form: object) -> dict:
    path, body = f"/sandbox/control/{action}/", urlencode(form)
    headers = {"Authorization": f"Bearer {settings.STRIPE_SECRET_KEY}"}
    kind = "application/x-www-form-urlencoded"
    if settings.TEST_STRIPE_API_BASE:
        url = f"{settings.TEST_STRIPE_API_BASE}{path}"
        answer = requests.post(url, body, headers=headers | {"Content-Type": kind}, timeout=30)
    else:
        answer = Client(SERVER_NAME="localhost").post(path, body, kind, headers=headers)
    content = json.loads(answer.content)
    assert answer.status_code == 200, content
    return content
