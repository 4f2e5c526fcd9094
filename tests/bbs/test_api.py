"""JSON for other front ends: what they may know, order, and look at."""

from __future__ import annotations

import pytest

from bbs.models import Payment
from tests.stage.people import Visitor

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


def test_scripts_get_the_session_and_its_address_as_json(mike: Visitor) -> None:
    mike.get("/")
    json = {"Accept": "application/json"}

    answer = mike.post("/create-checkout-session", {"product": "sunglass-101", "quantity": "2"}, headers=json).json()

    payment = Payment.objects.get()
    assert answer == {"sessionId": payment.checkout_session_id, "url": answer["url"]}
    assert "/c/pay/cs_test_" in answer["url"]
    session = mike.get(f"/checkout-session?sessionId={answer['sessionId']}").json()
    assert (session["status"], session["payment_status"], session["amount_total"], session["currency"]) == (
        "open",
        "unpaid",
        4000,
        "usd",
    )


def test_a_form_post_without_a_product_buys_one_of_the_first(mike: Visitor) -> None:
    mike.get("/")

    page = mike.post("/create-checkout-session/", {})

    assert "/c/pay/cs_test_" in page.url
    assert (Payment.objects.get().product.slug, Payment.objects.get().quantity) == ("t-shirt", 1)


def test_the_config_tells_a_front_end_what_it_may_know(mike: Visitor, settings) -> None:
    assert mike.get("/config").json() == mike.get("/config/").json()
    assert mike.get("/config/").json() == {
        "publicKey": settings.STRIPE_PUBLISHABLE_KEY,
        "flow": "modern",
        "unitAmount": 2000,
        "currency": "jpy",
    }
