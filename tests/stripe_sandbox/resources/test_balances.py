"""Balance transactions, and what they add up to."""

from __future__ import annotations

import contextlib

import pytest
import stripe
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stripe_sandbox import store
from stripe_sandbox.resources import balances
from stripe_sandbox.testing import drain
from stripe_sandbox.transport import InProcessClient
from tests.stripe_sandbox.stage.calls import CHARGE, SECRET

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


DOINGS = st.lists(
    st.sampled_from(
        ["capture", "refund", "refund all", "winning_evidence", "losing_evidence", "escalate_inquiry_evidence", "wait"]
    ),
    min_size=3,
    max_size=6,
)
SOURCES = st.sampled_from(
    ["tok_visa", "tok_createDispute", "tok_createDisputeInquiry", "tok_createMultipleDisputes", "tok_refundFail"]
)


def do(api: stripe.StripeClient, doing: str, charge: str) -> None:
    """Do one thing to a charge or its disputes; a refusal is an answer too."""
    with contextlib.suppress(stripe.InvalidRequestError):
        if doing == "wait":
            drain(ahead=10)
        elif doing == "capture":
            api.v1.charges.capture(charge, params={"amount": 1500})
        elif doing.startswith("refund"):
            api.v1.refunds.create(params={"charge": charge} | ({"amount": 501} if doing == "refund" else {}))
        else:
            for dispute in api.v1.disputes.list(params={"charge": charge}).data:
                api.v1.disputes.update(dispute.id, params={"evidence": {"uncategorized_text": doing}})


@given(source=SOURCES, captured=st.booleans(), doings=DOINGS)
@example("tok_createDisputeInquiry", True, ["escalate_inquiry_evidence", "refund", "wait"])
@example("tok_createDisputeInquiry", True, ["refund all", "escalate_inquiry_evidence", "wait"])
@example("tok_createMultipleDisputes", True, ["winning_evidence", "wait", "refund all"])
@example("tok_createDispute", False, ["wait", "capture", "wait", "losing_evidence", "wait"])
@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_balance_is_the_ledgers_sum_at_every_step_and_no_more_goes_back_than_was_taken(
    source: str, captured: bool, doings: list[str]
) -> None:
    store.clear()
    api = stripe.StripeClient(SECRET, http_client=InProcessClient())
    charge = api.v1.charges.create(params=CHARGE | {"source": source, "capture": captured})
    drain(ahead=10)

    for doing in doings:
        do(api, doing, charge.id)
        rows = api.v1.balance_transactions.list(params={"limit": 100}).data
        balance = api.v1.balance.retrieve()

        assert balance.pending[0].amount + balance.available[0].amount == sum(row.net for row in rows)
        assert 0 <= sum(row.amount for row in rows) <= 2000
        assert 0 <= api.v1.charges.retrieve(charge.id).amount_refunded <= 2000


def test_nothing_is_reserved_for_refunds_and_disputes(api: stripe.StripeClient) -> None:
    api.v1.charges.create(params=CHARGE | {"currency": "eur"})

    aside = api.v1.balance.retrieve().refund_and_dispute_prefunding

    assert [(part.amount, part.currency) for part in aside.available] == [(0, "jpy"), (0, "eur")]
    assert [part.to_dict() for part in aside.pending] == [part.to_dict() for part in aside.available]
