"""Whatever is captured, refunded or failed, in any order: never more is refunded than was taken."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import stripe

from stripe_sandbox.testing import drain
from tests.stripe_sandbox.stage.calls import CHARGE

pytestmark = pytest.mark.django_db(databases="__all__")


BACK = {"return_url": "https://shop.example/"}


def refused(call: Callable[[], object]) -> bool:
    """Return whether a call is refused as invalid."""
    try:
        call()
    except stripe.InvalidRequestError:
        return True
    return False


def check(api: stripe.StripeClient, sid: str) -> None:
    """Compare a charge's amounts with its refunds and its balance transactions."""
    charge = api.v1.charges.retrieve(sid)
    refunds = api.v1.refunds.list(params={"charge": sid, "limit": 100}).data
    released = charge.amount - charge.amount_captured if charge.captured else 0
    given_back = sum(refund.amount for refund in refunds if refund.status != "failed")
    entries = api.v1.balance_transactions.list(params={"limit": 100}).data
    own = [entry.amount for entry in entries if entry.source in {sid, *(refund.id for refund in refunds)}]

    assert charge.amount_refunded == released + given_back <= charge.amount
    assert charge.refunded == (charge.amount_refunded == charge.amount)
    assert sum(own) == (charge.amount_captured - given_back if charge.captured else 0)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("source", ["tok_visa", "tok_refundFail"])
def test_never_more_is_given_back_than_was_taken(api: stripe.StripeClient, source: str, seed: int) -> None:
    chosen = random.Random(f"{source} {seed}")
    charge = api.v1.charges.create(params={**CHARGE, "source": source, "capture": bool(seed % 2)})
    outcomes = set()

    for step in range(12):
        amount = chosen.choice([{}, {"amount": chosen.choice([0, 1, 49, 500, 1500, 2000, 2001])}])
        action = chosen.choice(["capture", "refund", "refund", "wait"])
        if action == "capture":
            outcomes.add(refused(lambda amount=amount: api.v1.charges.capture(charge.id, params=amount)))
        elif action == "refund":
            params = {"charge": charge.id, **amount}
            outcomes.add(refused(lambda params=params: api.v1.refunds.create(params=params)))
        else:
            drain(ahead=10 * step)
        check(api, charge.id)

    assert outcomes == {False, True}


@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_refundFail", "pm_card_authenticationRequired"])
def test_a_canceled_intent_takes_nothing_and_a_paid_one_is_not_canceled(api: stripe.StripeClient, method: str) -> None:
    for order in (["confirm", "cancel", "refund"], ["cancel", "confirm", "refund"], ["refund", "cancel", "confirm"]):
        intent = api.v1.payment_intents.create(params={"amount": 2000, "currency": "jpy", "payment_method": method})
        calls = {
            "cancel": lambda sid=intent.id: api.v1.payment_intents.cancel(sid),
            "confirm": lambda sid=intent.id: api.v1.payment_intents.confirm(sid, params=BACK),
            "refund": lambda sid=intent.id: api.v1.refunds.create(params={"payment_intent": sid}),
        }
        outcomes = [refused(calls[name]) for name in order]
        assert True in outcomes
        drain(ahead=30)
        after = api.v1.payment_intents.retrieve(intent.id)
        assert (after.amount_received == 2000) == (after.status == "succeeded") == bool(after.latest_charge)
        if after.latest_charge:
            check(api, after.latest_charge)
