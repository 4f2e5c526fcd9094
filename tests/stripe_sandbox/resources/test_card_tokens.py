"""Accounts on which card tokens work, reached end of life, or on which every charge fails."""

from __future__ import annotations

import json

import pytest
import stripe
from django.test import Client

from stripe_sandbox.resources import card_tokens
from tests.stripe_sandbox.stage.calls import OTHER, call, session

pytestmark = pytest.mark.django_db(databases="__all__")

# As recorded on a new account in September 2026.
END_OF_LIFE = (
    "Card Token usage on the Customers API and Charges API has reached end of life. In order to continue processing "
    "your payments, you will need to use the Payment Intents and Payment Methods API. Read more about what you should "
    "do here: https://docs.stripe.com/payments/payment-methods/integration-options. If you need to continue to use "
    "Card Tokens on the Customers and Charges API, enable this functionality in your API policies settings: "
    "https://dashboard.stripe.com/settings/developers/api-policies"
)
CALLS = {
    "charge": ("POST", "/v1/charges", "amount=1400&currency=usd&source=tok_visa"),
    "declining token": ("POST", "/v1/charges", "amount=1400&currency=usd&source=tok_chargeDeclined"),
    "new customer": ("POST", "/v1/customers", "source=tok_visa"),
}


@pytest.fixture
def ended(settings) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"CARD_TOKENS": "ended"}


@pytest.fixture
def japan(settings) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"CARD_TOKENS": "japan"}


@pytest.mark.usefixtures("ended")
@pytest.mark.parametrize("name", CALLS)
def test_a_token_that_reached_end_of_life_is_refused_in_stripes_words(name: str) -> None:
    status, content, _headers = call(*CALLS[name])

    assert (status, content) == (400, {"error": {"message": END_OF_LIFE, "type": "invalid_request_error"}})


@pytest.mark.usefixtures("ended")
def test_a_customer_gets_no_card_of_a_token_that_reached_end_of_life(
    api: stripe.StripeClient, browser_api: stripe.StripeClient
) -> None:
    customer = api.v1.customers.create()
    typed = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040}
    token = browser_api.v1.tokens.create(params={"card": typed})

    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.customers.update(customer.id, params={"source": token.id})

    assert caught.value.user_message == END_OF_LIFE
    assert api.v1.customers.retrieve(customer.id).default_source is None
    assert api.v1.tokens.retrieve(token.id).used is False


@pytest.mark.usefixtures("ended")
def test_nothing_but_tokens_reached_end_of_life(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create(
        params={
            "amount": 1400,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
    )

    assert intent.status == "succeeded"
    assert api.v1.checkout.sessions.create(params=session()).status == "open"


@pytest.mark.usefixtures("japan")
@pytest.mark.parametrize("token", ["tok_visa", "tok_jp", "tok_chargeDeclined"])
def test_every_charge_of_a_japanese_account_fails_and_the_answer_says_that_its_words_are_assumed(
    token: str, client: Client
) -> None:
    status, content, headers = call("POST", "/v1/charges", f"amount=2000&currency=jpy&source={token}")

    error = content["error"]
    assert (status, error["type"], error["decline_code"]) == (402, "card_error", "authentication_required")
    assert error["sandbox_assumption"].startswith("The words of this answer are the sandbox's")
    _status, failed, _headers = call("GET", f"/v1/charges/{error['charge']}")
    assert (failed["status"], failed["paid"]) == ("failed", False)
    assert 'id="assumed"' in client.get(f"/sandbox/requests/{headers['Request-Id']}/").content.decode()


@pytest.mark.usefixtures("japan")
def test_a_customers_saved_card_is_no_way_around_it(api: stripe.StripeClient) -> None:
    customer = api.v1.customers.create(params={"source": "tok_visa"})

    with pytest.raises(stripe.CardError):
        api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "customer": customer.id})


def test_an_answer_in_stripes_words_is_not_marked(client: Client) -> None:
    _status, content, headers = call("POST", "/v1/charges", "amount=2000&currency=jpy&source=tok_chargeDeclined")

    assert "sandbox_assumption" not in json.dumps(content)
    assert 'id="assumed"' not in client.get(f"/sandbox/requests/{headers['Request-Id']}/").content.decode()


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/v1/checkout/sessions", "mode=payment&ui_mode=hosted"),
        ("/v1/payment_intents", "amount=2000&currency=jpy&payment_method_types[]=card"),
    ],
)
def test_every_answer_whose_words_are_assumed_says_so(path: str, form: str) -> None:
    status, content, _headers = call("POST", path, form)

    assert status == 400
    assert "sandbox_assumption" in content["error"], content


def test_the_dashboard_chooses_for_one_account_and_the_choice_outlives_a_reset(client: Client) -> None:
    client.post("/sandbox/cards/", {"card_tokens": "ended"})
    client.post("/sandbox/clear/")

    assert call(*CALLS["charge"])[0] == 400
    assert call(*CALLS["charge"], key=OTHER)[0] == 200
    assert '<option value="ended" selected>' in client.get("/sandbox/cards/").content.decode()

    client.post("/sandbox/cards/", {"card_tokens": "nonsense"})
    assert card_tokens.mode() == "ended"
    client.post("/sandbox/cards/", {"card_tokens": "on"})
    assert call(*CALLS["charge"])[0] == 200


@pytest.mark.usefixtures("ended")
def test_a_choice_outweighs_the_settings_until_it_is_taken_back() -> None:
    card_tokens.choose("on")
    assert call(*CALLS["charge"])[0] == 200

    card_tokens.choose("")
    assert call(*CALLS["charge"])[0] == 400
