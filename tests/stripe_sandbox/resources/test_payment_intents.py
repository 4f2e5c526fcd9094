"""Payment intents over the API."""

from __future__ import annotations

import pytest
import stripe

pytestmark = pytest.mark.django_db(databases="__all__")


def test_a_paid_intent_is_neither_changed_nor_canceled(api: stripe.StripeClient) -> None:
    paid = {"payment_method": "pm_card_visa", "confirm": True, "return_url": "https://a.example/"}
    intent = api.v1.payment_intents.create(params={"amount": 2000, "currency": "jpy", **paid})

    for refuse, done in (
        (lambda: api.v1.payment_intents.update(intent.id, params={"amount": 3000}), "updated"),
        (lambda: api.v1.payment_intents.confirm(intent.id), "confirmed"),
        (lambda: api.v1.payment_intents.cancel(intent.id), "canceled"),
    ):
        with pytest.raises(stripe.InvalidRequestError, match=f"statuses may be {done}: ") as caught:
            refuse()
        assert caught.value.code == "payment_intent_unexpected_state"
