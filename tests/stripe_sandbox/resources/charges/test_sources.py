"""What a legacy charge can be paid with."""

from __future__ import annotations

import pytest
import stripe

pytestmark = pytest.mark.django_db(databases="__all__")


def error(api: stripe.StripeClient, **params: object) -> stripe.StripeError:
    with pytest.raises((stripe.InvalidRequestError, stripe.CardError)) as caught:
        api.v1.charges.create(params={"amount": 2000, "currency": "jpy", **params})
    return caught.value


@pytest.fixture
def hanako(api: stripe.StripeClient) -> stripe.Customer:
    """A customer with a card."""
    return api.v1.customers.create(params={"source": "tok_jcb"})


def test_a_customer_pays_with_the_default_card_a_saved_one_or_a_token(
    api: stripe.StripeClient, hanako: stripe.Customer
) -> None:
    first = hanako.default_source
    api.v1.customers.update(hanako.id, params={"source": "tok_mastercard"})
    params = {"amount": 2000, "currency": "jpy", "customer": hanako.id}

    charges = [api.v1.charges.create(params=params | more) for more in ({}, {"source": first}, {"source": "tok_amex"})]

    assert [charge.source.brand for charge in charges] == ["MasterCard", "JCB", "American Express"]


def test_a_customer_without_a_card_cannot_pay(api: stripe.StripeClient) -> None:
    bare = api.v1.customers.create(params={})

    caught = error(api, customer=bare.id)

    assert caught.user_message == (
        "This Customer doesn't have any saved payment details. Attach a legacy Token, Card, Bank Account, or Source "
        "to this Customer and then try this request again, or use Payment Intents and Payment Methods instead."
    )
    assert (caught.http_status, caught.code, caught.param) == (402, "missing", "card")


def test_a_saved_card_is_its_customers_alone(api: stripe.StripeClient, hanako: stripe.Customer) -> None:
    other = api.v1.customers.create(params={})

    alone = error(api, source=hanako.default_source)
    stranger = error(api, source=hanako.default_source, customer=other.id)

    assert alone.user_message.startswith("Cannot charge a card (card_")
    assert (stranger.http_status, stranger.code, stranger.param) == (404, "missing", "source")
    assert stranger.user_message == (
        f"Customer {other.id} does not have a linked source with ID {hanako.default_source}."
    )


def test_a_deleted_customer_pays_no_more(api: stripe.StripeClient, hanako: stripe.Customer) -> None:
    api.v1.customers.delete(hanako.id)

    assert error(api, customer=hanako.id).code == "resource_missing"
