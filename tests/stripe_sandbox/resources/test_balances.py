"""Balance transactions, and what they add up to."""

from __future__ import annotations

import pytest
import stripe
import time_machine

from stripe_sandbox.resources import balances
from tests.stripe_sandbox.stage.calls import CHARGE

pytestmark = pytest.mark.django_db(databases="__all__")


DAY = 24 * 3600


@pytest.mark.parametrize(("amount", "fee"), [(2000, 72), (50, 2), (13, 0), (14, 1), (99_999_999, 3_600_000)])
def test_a_fee_is_rounded_half_up(amount: int, fee: int) -> None:
    assert balances.fee(amount) == fee


def test_money_is_pending_for_four_days(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params=CHARGE)
    now = charge.created
    states = []
    for days in (0, 3, 5):
        with time_machine.travel(now + days * DAY + 1):
            balance = api.v1.balance.retrieve()
            booked = api.v1.balance_transactions.retrieve(charge.balance_transaction)
            states.append((booked.status, balance.pending[0].amount, balance.available[0].amount))

    assert states == [("pending", 1928, 0), ("pending", 1928, 0), ("available", 0, 1928)]


def test_each_currency_is_counted_by_itself_the_accounts_own_first(api: stripe.StripeClient) -> None:
    api.v1.charges.create(params=CHARGE)
    api.v1.charges.create(params=CHARGE | {"currency": "eur"})

    pending = api.v1.balance.retrieve().pending

    assert [(part.currency, part.amount) for part in pending] == [("jpy", 1928), ("eur", 1928)]


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [({}, ["refund", "charge", "charge"]), ({"type": "refund"}, ["refund"]), ({"currency": "USD"}, ["charge"])],
)
def test_entries_are_listed_by_type_and_currency(
    wanted: dict[str, str], kinds: list[str], api: stripe.StripeClient
) -> None:
    api.v1.charges.create(params=CHARGE | {"currency": "usd"})
    api.v1.refunds.create(params={"charge": api.v1.charges.create(params=CHARGE).id})

    assert [entry.type for entry in api.v1.balance_transactions.list(params=wanted).data] == kinds


def test_entries_are_listed_by_what_they_are_of(api: stripe.StripeClient) -> None:
    first, _ = (api.v1.charges.create(params=CHARGE) for _ in range(2))

    (entry,) = api.v1.balance_transactions.list(params={"source": first.id}).data

    assert entry.id == first.balance_transaction
