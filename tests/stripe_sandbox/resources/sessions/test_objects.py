"""A Checkout Session's JSON as it begins."""

from __future__ import annotations

import re

import pytest
import stripe

from tests.stripe_sandbox.stage.calls import session

pytestmark = pytest.mark.django_db(databases="__all__")


def test_it_begins_open_unpaid_and_for_a_day(api: stripe.StripeClient) -> None:
    made = api.v1.checkout.sessions.create(params=session())

    assert (made.status, made.payment_status, made.payment_intent) == ("open", "unpaid", None)
    assert made.expires_at - made.created == 24 * 3600
    assert re.search(rf"/c/pay/{made.id}#fid[A-Za-z0-9]{{180}}$", made.url)


def test_what_was_asked_for_is_in_it(api: stripe.StripeClient) -> None:
    wanted = {
        "cancel_url": "https://shop.example/canceled",
        "client_reference_id": "7",
        "customer_email": "a@b.example",
        "locale": "ja",
        "submit_type": "donate",
        "custom_text": {"submit": {"message": "Thanks"}},
        "metadata": {"order": "7"},
    }

    made = api.v1.checkout.sessions.create(params=session(**wanted)).to_dict()

    assert {name: made[name] for name in wanted if name != "custom_text"} == {
        name: value for name, value in wanted.items() if name != "custom_text"
    }
    assert made["custom_text"]["submit"] == {"message": "Thanks"}
    assert made["custom_text"]["after_submit"] is None
    assert made["customer_details"]["email"] == "a@b.example"
