"""stripe-python in process, set up as the site sets it up."""

from __future__ import annotations

import pytest
import stripe

from compare.wire import middleware, recorder
from stripe_sandbox.transport import InProcessClient

PRICE = {"currency": "jpy", "unit_amount": 2000, "product_data": {"name": "T-shirt"}}
SESSION = {
    "mode": "payment",
    "line_items": [{"price_data": PRICE, "quantity": 1}],
    "success_url": "https://shop.example/success",
}
CARD = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}


@pytest.fixture
def api(db: None) -> stripe.StripeClient:
    """stripe-python's client with the secret key."""
    return stripe.StripeClient("sk_test_sandbox", http_client=InProcessClient())


@pytest.fixture
def stored_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Store before the answer is sent, so that a test finds what it looks for."""
    monkeypatch.setattr(middleware, "store_after", lambda response, recorded: recorder.store(recorded))
