"""Payment methods over the API."""

from __future__ import annotations

import pytest
import stripe

pytestmark = pytest.mark.django_db(databases="__all__")


def test_each_use_of_a_name_is_a_fresh_card(api: stripe.StripeClient) -> None:
    first, second = (api.v1.payment_methods.retrieve("pm_card_jcb") for _ in range(2))

    assert first.id != second.id
    assert first.card.fingerprint == second.card.fingerprint
    assert api.v1.payment_methods.retrieve(first.id).card.brand == "jcb"


@pytest.mark.parametrize("name", ["pm_card_nothing", "pm_x"])
def test_a_name_that_there_is_not_is_refused(name: str, api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=f"No such PaymentMethod: '{name}'") as at_address:
        api.v1.payment_methods.retrieve(name)
    with pytest.raises(stripe.InvalidRequestError) as as_parameter:
        api.v1.payment_intents.create(params={"amount": 2000, "currency": "jpy", "payment_method": name})

    assert (at_address.value.http_status, as_parameter.value.http_status) == (404, 400)
    assert as_parameter.value.param == "payment_method"
