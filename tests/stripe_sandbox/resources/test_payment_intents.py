"""Payment intents over the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import stripe
from django.test import Client

from stripe_sandbox.testing import pay
from tests.stripe_sandbox.stage.calls import session

pytestmark = pytest.mark.django_db(databases="__all__")


def test_a_paid_intent_is_neither_changed_nor_canceled(api: stripe.StripeClient) -> None:
    paid = {"payment_method": "pm_card_visa", "confirm": True, "return_url": "https://a.example/"}
    intent = api.v1.payment_intents.create(params={"amount": 2000, "currency": "jpy", **paid})

    for refuse, done in (
        (lambda: api.v1.payment_intents.confirm(intent.id), "confirmed"),
        (lambda: api.v1.payment_intents.cancel(intent.id), "canceled"),
    ):
        with pytest.raises(stripe.InvalidRequestError, match=f"statuses may be {done}: ") as caught:
            refuse()
        assert caught.value.code == "payment_intent_unexpected_state"


PARAMS = {"amount": 2000, "currency": "jpy"}
NOW = {"confirm": True, "return_url": "https://shop.example/"}


def created(api: stripe.StripeClient, status: str) -> stripe.PaymentIntent:
    """Return an intent of 2,000 yen in a status."""
    method = {
        "requires_action": {"payment_method": "pm_card_authenticationRequired", **NOW},
        "requires_confirmation": {"payment_method": "pm_card_visa"},
        "succeeded": {"payment_method": "pm_card_visa", **NOW},
    }
    intent = api.v1.payment_intents.create(params=PARAMS | method.get(status, {}))
    return api.v1.payment_intents.cancel(intent.id) if status == "canceled" else intent


@pytest.mark.parametrize("status", ["requires_payment_method", "requires_confirmation", "requires_action"])
def test_what_is_paid_may_be_changed_until_it_is_paid(api: stripe.StripeClient, status: str) -> None:
    intent = created(api, status)

    changed = api.v1.payment_intents.update(intent.id, params={"amount": 3000})
    too_small = refusal(lambda: api.v1.payment_intents.update(intent.id, params={"amount": 40, "currency": "usd"}))
    again = api.v1.payment_intents.update(intent.id, params={"payment_method": "pm_card_jcb"})
    paid = api.v1.payment_intents.confirm(intent.id, params={"return_url": "https://shop.example/"})

    assert (intent.status, changed.status, changed.amount) == (status, status, 3000)
    assert too_small.code == "amount_too_small"
    assert (again.status, again.next_action) == ("requires_confirmation", None)
    assert (paid.status, paid.amount_received) == ("succeeded", 3000)


@pytest.mark.parametrize("status", ["succeeded", "canceled"])
@pytest.mark.parametrize(("name", "value"), [("amount", 3000), ("currency", "usd"), ("payment_method", "pm_card_jcb")])
def test_what_was_paid_is_not_changed_afterwards(
    api: stripe.StripeClient, status: str, name: str, value: object
) -> None:
    intent = created(api, status)

    caught = refusal(lambda: api.v1.payment_intents.update(intent.id, params={name: value}))

    assert (caught.code, caught.param) == ("payment_intent_unexpected_state", name)
    assert caught.user_message.startswith(f"This PaymentIntent's {name} could not be updated because it has a status")
    after = api.v1.payment_intents.retrieve(intent.id)
    assert (after.status, after.amount, after.currency) == (status, 2000, "jpy")


def refusal(call: Callable[[], object]) -> stripe.InvalidRequestError:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        call()
    return caught.value


def test_without_a_payment_method_nothing_is_confirmed(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create(params=PARAMS)

    caught = refusal(lambda: api.v1.payment_intents.confirm(intent.id))

    assert caught.user_message.startswith("You cannot confirm this PaymentIntent because it's missing a payment method")
    assert caught.code == "payment_intent_unexpected_state"


def test_a_method_that_may_redirect_needs_a_return_url(api: stripe.StripeClient) -> None:
    params = {**PARAMS, "payment_method": "pm_card_visa", "confirm": True}
    stays = {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}

    caught = refusal(lambda: api.v1.payment_intents.create(params=params))

    assert "you must provide a `return_url`" in caught.user_message
    assert api.v1.payment_intents.create(params={**params, **stays}).status == "succeeded"


@pytest.mark.parametrize("name", ["off_session", "error_on_requires_action"])
def test_where_nobody_can_authenticate_the_card_is_declined(name: str, api: stripe.StripeClient) -> None:
    params = {**PARAMS, "payment_method": "pm_card_authenticationRequired", "confirm": True, name: True}

    with pytest.raises(stripe.CardError) as caught:
        api.v1.payment_intents.create(params={**params, "return_url": "https://shop.example/"})

    assert caught.value.error.decline_code == "authentication_required"
    assert caught.value.error.payment_intent.status == "requires_payment_method"


def test_an_open_intent_is_changed_within_stripes_bounds(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create(params={**PARAMS, "metadata": {"a": "1"}})

    changed = api.v1.payment_intents.update(intent.id, params={"amount": 500, "metadata": {"b": "2"}})

    assert (changed.amount, changed.metadata.to_dict()) == (500, {"a": "1", "b": "2"})
    assert refusal(lambda: api.v1.payment_intents.update(intent.id, params={"amount": 49})).code == "amount_too_small"


def test_what_checkout_made_is_neither_confirmed_nor_canceled(api: stripe.StripeClient, client: Client) -> None:
    pay(client.post, api.v1.checkout.sessions.create(params=session()).url, cardNumber="4000000000000002")
    intent = api.v1.payment_intents.list().data[0].id

    for verb in ("confirm", "cancel"):
        caught = refusal(lambda verb=verb: getattr(api.v1.payment_intents, verb)(intent))
        assert caught.user_message.startswith(f"You cannot {verb} PaymentIntents created by Checkout.")


def test_intents_are_listed_by_customer(api: stripe.StripeClient) -> None:
    customer = api.v1.customers.create(params={}).id
    mine = api.v1.payment_intents.create(params={**PARAMS, "customer": customer})
    api.v1.payment_intents.create(params=PARAMS)

    assert [found.id for found in api.v1.payment_intents.list(params={"customer": customer}).data] == [mine.id]
