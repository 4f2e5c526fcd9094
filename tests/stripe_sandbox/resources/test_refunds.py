"""Refunds over the API."""

from __future__ import annotations

import pytest
import stripe

from stripe_sandbox.testing import drain
from tests.stripe_sandbox.stage.calls import CHARGE

pytestmark = pytest.mark.django_db(databases="__all__")


def test_more_than_was_paid_is_not_refunded(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "source": "tok_visa"})
    api.v1.refunds.create(params={"charge": charge.id, "amount": 500})
    with pytest.raises(stripe.InvalidRequestError) as too_much:
        api.v1.refunds.create(params={"charge": charge.id, "amount": 1501})
    api.v1.refunds.create(params={"charge": charge.id})

    with pytest.raises(stripe.InvalidRequestError) as again:
        api.v1.refunds.create(params={"charge": charge.id})

    said = "Refund amount (¥1,501) is greater than unrefunded amount on charge (¥1,500)"
    assert (too_much.value.user_message, too_much.value.param) == (said, "amount")
    assert again.value.code == "charge_already_refunded"


@pytest.mark.django_db(databases="__all__")
def test_a_refund_that_fails_brings_the_money_back(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "source": "tok_refundFail"})
    refund = api.v1.refunds.create(params={"charge": charge.id})
    drain(ahead=10)

    failed = api.v1.refunds.retrieve(refund.id, params={"expand": ["failure_balance_transaction"]})
    back = failed.failure_balance_transaction

    assert (refund.status, failed.status) == ("succeeded", "failed")
    assert (back.type, back.reporting_category, back.net) == ("refund_failure", "refund_failure", 2000)
    assert api.v1.balance.retrieve().pending[0].amount == 2000 - 72
    assert api.v1.charges.retrieve(charge.id).amount_refunded == 0
