"""Pages that are reached without a key belong to the account of what they show."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox import urls
from stripe_sandbox.testing import pay
from stripe_sandbox.transport import InProcessClient
from tests.stripe_sandbox.stage.calls import CHARGE, OTHER, session

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def other(db: None) -> stripe.StripeClient:
    """An account that is not the default one."""
    return stripe.StripeClient(OTHER, http_client=InProcessClient())


def test_a_session_is_paid_by_card_and_3ds_in_its_own_account(
    api: stripe.StripeClient, other: stripe.StripeClient, client: Client
) -> None:
    made = other.v1.checkout.sessions.create(params=session())

    asked = pay(client.post, made.url, cardNumber="4000002760003184")
    challenge = client.post(asked.headers["Location"], {"outcome": "complete"})
    back = client.get(challenge.headers["Location"])

    assert back.headers["Location"].startswith("https://shop.example/success")
    assert other.v1.checkout.sessions.retrieve(made.id).payment_status == "paid"
    assert [len(account.v1.charges.list().data) for account in (api, other)] == [0, 1]
    assert [len(account.v1.events.list().data) > 0 for account in (api, other)] == [False, True]


def test_a_voucher_and_a_receipt_are_shown_for_any_account(other: stripe.StripeClient, client: Client) -> None:
    made = other.v1.checkout.sessions.create(params=session())
    pay(client.post, made.url, paymentMethod="konbini")
    intent = other.v1.checkout.sessions.retrieve(made.id).payment_intent
    charge = other.v1.charges.create(params=CHARGE)

    pages = [client.get(f"/sandbox/vouchers/{intent}/"), client.get(f"/sandbox/receipts/{charge.id}/")]

    assert [page.status_code for page in pages] == [200, 200]


def test_an_id_of_no_account_is_unknown(client: Client) -> None:
    assert client.get("/c/pay/cs_test_nothing").status_code == 404


def test_each_page_with_an_id_in_its_address_takes_its_account_from_there() -> None:
    pages = [
        pattern.callback
        for pattern in urls.urlpatterns
        if pattern.callback.__module__.startswith("stripe_sandbox.pages.") and "<str:sid>" in str(pattern.pattern)
    ]

    assert len(pages) == 6
    assert all(hasattr(page, "account_is_of") for page in pages)
