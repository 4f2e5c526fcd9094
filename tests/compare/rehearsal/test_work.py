"""What must not be left at the end is counted, and the staff do what was planned."""

from __future__ import annotations

import pytest
from django.utils import timezone

from bbs.models import Payment, Topic
from bbs.payments import reconciliation
from compare.rehearsal import work
from tests.compare.stage.messages import payment_in

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def compared() -> reconciliation.Comparison:
    return reconciliation.compare(timezone.now())


def paid(products, **changes: object) -> Payment:
    made = payment_in("legacy", product=products["t-shirt"])
    made.status, made.paid_at, made.charge_id = Payment.Status.PAID, timezone.now(), "ch_1"
    for name, value in changes.items():
        setattr(made, name, value)
    made.save()
    return made


def test_nothing_is_wrong_with_an_order_that_was_paid_and_delivered(products, compared) -> None:
    Topic.objects.create(payment=paid(products))

    assert set(work._checks(compared).values()) == {0}


@pytest.mark.parametrize(
    ("changes", "delivered", "check"),
    [
        ({"status": "processing", "paid_at": None}, False, "open"),
        ({"status": "disputed"}, True, "open"),
        ({}, False, "undelivered"),
        ({"status": "failed", "paid_at": None}, True, "given"),
        ({"mismatched": True}, True, "mismatched"),
    ],
)
def test_what_is_left_is_counted(products, compared, changes: dict[str, object], delivered: bool, check: str) -> None:
    made = paid(products, **changes)
    if delivered:
        Topic.objects.create(payment=made)

    assert {name for name, count in work._checks(compared).items() if count} == {check}


def test_the_balance_leaves_out_what_was_refunded_and_lost(products) -> None:
    paid(products, amount_refunded=500)
    paid(products, status="lost", charge_id="ch_2")

    assert work._balance() == [{"currency": "jpy", "ours": 1500, "stripes": 0}]


def test_an_unknown_errand_is_none() -> None:
    with pytest.raises(KeyError):
        next(work.work("nothing"))
