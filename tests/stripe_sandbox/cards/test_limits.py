"""A documented test card or id that the sandbox does not support is refused as its limit, and never as unknown."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.cards.catalogue import BY_NUMBER, BY_TOKEN
from stripe_sandbox.cards.limits import LIMITS, Limit
from stripe_sandbox.testing import pay
from tests.stripe_sandbox.stage.calls import session

pytestmark = pytest.mark.django_db(databases="__all__")

NUMBERS = [(number, limit) for limit in LIMITS for number in limit.numbers]
NAMES = [(name, limit) for limit in LIMITS for name in limit.tokens]
IDS = [
    ("pm_usBankAccount_success", "bank account"),
    ("pm_sepaDebit_success_at", "bank account"),
    ("btok_us_verified", "bank account"),
    ("offline_pin_cvm", "card reader with a PIN"),
]


def check(caught: pytest.ExceptionInfo[stripe.InvalidRequestError], name: str, param: str) -> None:
    error = caught.value.error
    assert (caught.value.http_status, error.code, error.param) == (400, "sandbox_limit", param)
    assert f"({name})" in error.message
    assert "this is the sandbox's limit" in error.message


@pytest.mark.parametrize(("number", "limit"), NUMBERS)
def test_a_number_is_named_as_a_limit_as_a_token_and_on_the_hosted_page(
    number: str, limit: Limit, api: stripe.StripeClient, browser_api: stripe.StripeClient, client: Client
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        browser_api.v1.tokens.create(params={"card": {"number": number, "exp_month": 12, "exp_year": 2040}})
    check(caught, limit.name, "number")

    made = api.v1.checkout.sessions.create(params=session())
    page = pay(client.post, made.url, cardNumber=number)

    assert "the sandbox does not support it" in page.content.decode()
    assert api.v1.checkout.sessions.retrieve(made.id).payment_status == "unpaid"


@pytest.mark.parametrize(("name", "limit"), NAMES)
def test_a_token_and_a_payment_method_are_named_as_a_limit(name: str, limit: Limit, api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "source": f"tok_{name}"})
    check(caught, limit.name, "source")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.payment_methods.retrieve(f"pm_card_{name}")
    check(caught, limit.name, "payment_method")


@pytest.mark.parametrize(("sid", "name"), IDS)
def test_an_id_that_is_no_cards_is_named_as_a_limit(sid: str, name: str, api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.payment_intents.create(params={"amount": 2000, "currency": "jpy", "payment_method": sid})
    check(caught, name, "payment_method")


def test_what_is_a_limit_is_not_supported_too() -> None:
    assert {number for number, _ in NUMBERS} & set(BY_NUMBER) == set()
    assert {name for name, _ in NAMES} & set(BY_TOKEN) == set()


def test_an_id_that_stripe_does_not_have_is_unknown(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "source": "tok_nothing"})

    assert (caught.value.code, caught.value.user_message) == ("resource_missing", "No such token: 'tok_nothing'")


def test_a_limit_lists_the_ids_that_a_person_may_look_for() -> None:
    limit = Limit("a bank account", tokens=("visa",), prefixes=("pm_usBankAccount_",))

    assert limit.ids == ["tok_visa", "pm_usBankAccount_…"]
