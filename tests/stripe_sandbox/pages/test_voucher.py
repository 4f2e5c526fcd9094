"""The konbini voucher."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.testing import drain, pay
from tests.stripe_sandbox.stage.calls import session

pytestmark = pytest.mark.django_db(databases="__all__")


def test_it_shows_a_code_for_each_store_until_it_is_paid(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session(locale="ja"))
    address = pay(client.post, made.url, paymentMethod="konbini", email="succeed_immediately@b.example")["Location"]
    intent = api.v1.payment_intents.list().data[0]
    stores = intent.next_action.konbini_display_details.stores

    page = client.get(address).content.decode()
    drain(ahead=60)
    paid = client.get(address).content.decode()

    assert "ファミリーマート" in page
    assert stores.familymart.payment_code in page
    assert "￥2,000" in page
    assert "23:59:59 JST" in page
    assert stores.familymart.payment_code not in paid


def test_a_card_payment_that_waits_has_none(api: stripe.StripeClient, client: Client) -> None:
    pay(client.post, api.v1.checkout.sessions.create(params=session()).url, cardNumber="4000000000000002")
    intent = api.v1.payment_intents.list().data[0]

    assert client.get(f"/sandbox/vouchers/{intent.id}/").status_code == 404
    assert client.get("/sandbox/vouchers/pi_x/").status_code == 404
