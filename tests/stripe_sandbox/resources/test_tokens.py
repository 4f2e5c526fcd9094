"""Tokens: a card for one use."""

from __future__ import annotations

import pytest
import stripe
import time_machine

pytestmark = pytest.mark.django_db(databases="__all__")


CARD = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}
CHARGE = {"amount": 2000, "currency": "jpy"}


@pytest.mark.parametrize(("age", "good"), [(590, True), (601, False)])
def test_a_token_is_good_for_ten_minutes(
    age: int, good: bool, api: stripe.StripeClient, browser_api: stripe.StripeClient
) -> None:
    token = browser_api.v1.tokens.create(params={"card": CARD})

    with time_machine.travel(token.created + age):
        if good:
            assert api.v1.charges.create(params={**CHARGE, "source": token.id}).paid
            return
        with pytest.raises(stripe.InvalidRequestError, match=f"No such token: '{token.id}'"):
            api.v1.charges.create(params={**CHARGE, "source": token.id})


def test_it_shows_the_card_and_whether_it_was_used(api: stripe.StripeClient, browser_api: stripe.StripeClient) -> None:
    where = {"name": "Hanako", "address_line1": "1-2-3", "address_zip": "100-0001", "address_country": "JP"}
    token = browser_api.v1.tokens.create(params={"card": {**CARD, **where}})

    charge = api.v1.charges.create(params={**CHARGE, "source": token.id})

    assert (token.used, browser_api.v1.tokens.retrieve(token.id).used) == (False, True)
    assert (token.card.last4, token.card.address_zip, token.client_ip) == ("4242", "100-0001", "127.0.0.1")
    assert charge.source.id == token.card.id
    assert charge.billing_details.name == "Hanako"
    assert charge.billing_details.address.postal_code == "100-0001"


def test_a_shop_that_sends_cards_itself_makes_them_too(api: stripe.StripeClient) -> None:
    assert api.v1.tokens.create(params={"card": CARD}).id.startswith("tok_1")
