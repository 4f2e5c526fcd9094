"""The hosted page's form, as it is posted."""

from __future__ import annotations

import pytest
import stripe
from django.conf import settings
from django.test import Client

from stripe_sandbox.testing import pay, signed_deliveries
from tests.stripe_sandbox.stage.calls import session


@pytest.mark.django_db(databases="__all__")
def test_a_session_is_paid_once_however_often_its_form_is_sent(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session())

    answers = [pay(client.post, made.url) for _ in range(3)]

    assert {answer["Location"] for answer in answers} == {f"https://shop.example/success?session_id={made.id}"}
    assert len(api.v1.charges.list().data) == 1
    assert client.get(f"/c/pay/{made.id}").status_code == 200
    assert b"cardNumber" not in client.get(f"/c/pay/{made.id}").content


@pytest.mark.django_db(databases="__all__")
def test_a_decline_on_the_page_leaves_the_session_open_for_the_next_card(
    api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.checkout.sessions.create(params=session(locale="ja"))

    refused = pay(client.post, made.url, cardNumber="4000000000009995")
    told = [event.type for event in heard()]
    paid = pay(client.post, made.url)

    assert refused.status_code == 402
    assert "カードの残高が不足しています" in refused.content.decode()
    assert told == ["payment_intent.created", "payment_intent.payment_failed", "charge.failed"]
    assert paid.status_code == 303
    assert len(api.v1.payment_intents.list().data) == 1


def heard() -> list[stripe.Event]:
    """Return what the endpoint is told now, verified."""
    secret = settings.STRIPE_SANDBOX["WEBHOOK_SECRET"]
    return [
        stripe.Webhook.construct_event(body, sent["Stripe-Signature"], secret) for body, sent in signed_deliveries()
    ]


@pytest.mark.django_db(databases="__all__")
def test_a_saved_customers_address_stands_on_the_page(api: stripe.StripeClient, client: Client) -> None:
    customer = api.v1.customers.create(params={"email": "saved@b.example"})
    made = api.v1.checkout.sessions.create(params=session(customer=customer.id))

    page = client.get(f"/c/pay/{made.id}").content.decode()
    pay(client.post, made.url)

    assert "saved@b.example" in page
    assert 'name="email"' not in page
    assert api.v1.checkout.sessions.retrieve(made.id).customer == customer.id
