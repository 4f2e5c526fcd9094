"""Each test card of Stripe's table does what the table says: as a token, in the dialog's call, on the hosted page."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.cards.card import UNAUTHENTICATED, Card, Decline
from stripe_sandbox.cards.catalogue import BY_NUMBER, CARDS
from stripe_sandbox.testing import pay
from tests.stripe_sandbox.stage.calls import session

pytestmark = pytest.mark.django_db(databases="__all__")


CHARGE = {"amount": 2000, "currency": "jpy"}


TOKENS = [(f"tok_{token}", card) for card in CARDS for token in card.tokens]


NUMBERS = list(BY_NUMBER.values())


def expected(card: Card) -> Decline | None:
    """Return what a legacy charge of the card meets: nobody is there for 3-D Secure."""
    return UNAUTHENTICATED if card.issuer_asks else card.decline


def charge(api: stripe.StripeClient, source: str, decline: Decline | None) -> None:
    if decline is None:
        assert api.v1.charges.create(params={**CHARGE, "source": source}).status == "succeeded"
        return
    with pytest.raises(stripe.CardError) as caught:
        api.v1.charges.create(params={**CHARGE, "source": source})
    error = caught.value.error
    assert (error.code, error.decline_code) == (decline.code, decline.decline_code or None)
    failed = api.v1.charges.retrieve(error.charge)
    assert (failed.failure_code, failed.outcome.type) == (decline.code, decline.type)


@pytest.mark.parametrize(("token", "card"), TOKENS, ids=[token for token, _ in TOKENS])
def test_a_magic_token_is_charged_as_its_card_is(token: str, card: Card, api: stripe.StripeClient) -> None:
    charge(api, token, expected(card))


@pytest.mark.parametrize("card", NUMBERS, ids=[card.key for card in NUMBERS])
def test_a_typed_number_is_charged_as_its_card_is(
    card: Card, api: stripe.StripeClient, browser_api: stripe.StripeClient
) -> None:
    typed = {"number": card.number, "exp_month": 12, "exp_year": 2040, "cvc": "1234" if card.brand == "amex" else "123"}

    token = browser_api.v1.tokens.create(params={"card": typed})

    assert (token.card.last4, token.card.country, token.card.funding) == (card.last4, card.country, card.funding)
    charge(api, token.id, expected(card))


@pytest.mark.parametrize("card", NUMBERS, ids=[card.key for card in NUMBERS])
def test_the_hosted_page_pays_declines_or_asks_as_its_card_does(
    card: Card, api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.checkout.sessions.create(params=session())

    answer = pay(client.post, made.url, cardNumber=card.spaced, cardCvc="1234" if card.brand == "amex" else "123")
    if card.secure == "required":
        assert answer["Location"].startswith("/sandbox/authenticate/pi_3")
        answer = client.post(answer["Location"], {"outcome": "complete"}, follow=False)

    done = api.v1.checkout.sessions.retrieve(made.id, params={"expand": ["payment_intent"]})
    if card.decline:
        assert answer.status_code == 402
        assert (done.status, done.payment_intent.last_payment_error.code) == ("open", card.decline.code)
    else:
        assert answer.status_code == 303
        assert (done.status, done.payment_status) == ("complete", "paid")
