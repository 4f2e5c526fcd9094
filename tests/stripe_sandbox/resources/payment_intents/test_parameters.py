"""What a payment intent may be asked for."""

from __future__ import annotations

import pytest
import stripe

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "The amount must be greater than or equal to the minimum charge amount allowed for your account"),
        ("000", "The amount must be greater than or equal to the minimum charge amount allowed for your account"),
        ("-1", "This value must be greater than or equal to 1."),
    ],
)
def test_nothing_is_no_amount_when_an_intent_is_created_or_changed(
    api: stripe.StripeClient, amount: str, said: str
) -> None:
    intent = api.v1.payment_intents.create(params={"amount": 2000, "currency": "usd"})

    for call in (
        lambda: api.v1.payment_intents.create(params={"amount": amount, "currency": "usd"}),
        lambda: api.v1.payment_intents.update(intent.id, params={"amount": amount}),
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            call()
        assert caught.value.user_message.startswith(said)
        assert (caught.value.code, caught.value.param) == ("parameter_invalid_integer", "amount")
