"""The bank's 3-D Secure challenge."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.testing import pay
from tests.stripe_sandbox.stage.calls import session

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def made(api: stripe.StripeClient, client: Client) -> stripe.checkout.Session:
    """A session whose visitor is at the bank."""
    opened = api.v1.checkout.sessions.create(params=session())
    answer = pay(client.post, opened.url, cardNumber="4000002760003184")
    found = api.v1.checkout.sessions.retrieve(opened.id, params={"expand": ["payment_intent"]})
    assert answer["Location"] == f"/sandbox/authenticate/{found.payment_intent.id}/"
    return found


def at_the_bank(made: stripe.checkout.Session) -> str:
    return f"/sandbox/authenticate/{made.payment_intent.id}/"


def test_it_asks_for_the_amount_in_the_sessions_language(made: stripe.checkout.Session, client: Client) -> None:
    page = client.get(at_the_bank(made), headers={"Accept-Language": "ja"}).content.decode()

    assert "￥2,000" in page


def test_who_completes_it_has_paid(api: stripe.StripeClient, made: stripe.checkout.Session, client: Client) -> None:
    answer = client.post(at_the_bank(made), {"outcome": "complete"})

    done = api.v1.checkout.sessions.retrieve(made.id, params={"expand": ["payment_intent.latest_charge"]})
    card = done.payment_intent.latest_charge.payment_method_details.card
    assert answer["Location"] == f"/c/pay/{made.id}/done/"
    assert (done.payment_status, card.three_d_secure.result) == ("paid", "authenticated")


def test_who_fails_it_is_back_at_the_form(
    api: stripe.StripeClient, made: stripe.checkout.Session, client: Client
) -> None:
    answer = client.post(at_the_bank(made), {"outcome": "fail"})

    intent = api.v1.payment_intents.retrieve(made.payment_intent.id)
    assert answer.status_code == 402
    assert b"cardNumber" in answer.content
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error.code == "payment_intent_authentication_failure"
    assert api.v1.charges.list().data == []


def test_it_is_answered_once(made: stripe.checkout.Session, client: Client) -> None:
    client.post(at_the_bank(made), {"outcome": "complete"})

    again = client.post(at_the_bank(made), {"outcome": "fail"})

    assert again["Location"] == f"/c/pay/{made.id}/done/"


def test_an_intent_of_the_api_goes_on_at_its_own_address(api: stripe.StripeClient, client: Client) -> None:
    params = {"amount": 2000, "currency": "jpy", "payment_method": "pm_card_authenticationRequired", "confirm": True}
    intent = api.v1.payment_intents.create(params={**params, "return_url": "https://shop.example/back"})

    answer = client.post(f"/sandbox/authenticate/{intent.id}/", {"outcome": "complete"})

    assert answer["Location"] == "https://shop.example/back"
    assert api.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_an_intent_that_there_is_not_is_not_found(client: Client) -> None:
    assert client.get("/sandbox/authenticate/pi_x/").status_code == 404
