"""Calls of the API, and the parameters of the most common ones."""

from __future__ import annotations

import json
from collections.abc import Mapping

from stripe_sandbox.transport import InProcessClient

# The parameters of a charge that is paid.
CHARGE = {"amount": 2000, "currency": "jpy", "source": "tok_visa"}
SECRET, PUBLISHABLE = "sk_test_sandbox", "pk_test_sandbox"
# The keys of an account of their own.
OTHER, OTHER_PUBLISHABLE = "sk_test_Abcdefghijklmnopqrstuv12", "pk_test_Abcdefghijklmnopqrstuv12"


def line(amount: int = 2000, currency: str = "jpy", quantity: int = 1, name: str = "T-shirt") -> dict[str, object]:
    """Return a line item; `amount` in the smallest unit."""
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": name}}
    return {"price_data": price, "quantity": quantity}


def session(**more: object) -> dict[str, object]:
    """Return the parameters of a Checkout Session."""
    address = "https://shop.example/success?session_id={CHECKOUT_SESSION_ID}"
    return {"mode": "payment", "line_items": [line()], "success_url": address, **more}


def call(
    method: str, path: str, form: str = "", *, key: str = SECRET, **headers: str
) -> tuple[int, dict[str, object], Mapping[str, str]]:
    """Make a call of the API as bytes, in process, and return status, JSON and headers."""
    headers = {"Authorization": f"Bearer {key}"} | {name.replace("_", "-"): text for name, text in headers.items()}
    url = f"https://api.stripe.com{path}" + (f"?{form}" if form and method != "POST" else "")
    body, status, answered = InProcessClient().request(method, url, headers, form if method == "POST" else None)
    return status, json.loads(body), answered
