"""How both flows did, and whether more visitors can be moved."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from bbs.models import Payment, Product
from bbs.payments.progress import ENOUGH, FlowProgress, progress, verdict

pytestmark = pytest.mark.django_db(databases="__all__")
NOW = "2026-11-20T03:00:00Z"


def order(product: Product, flow: str, hours_ago: float = 1, seconds: float | None = None, **fields: object) -> None:
    """Keep an order of some hours ago, paid so many seconds later."""
    created_at = timezone.now() - timedelta(hours=hours_ago)
    if seconds is not None:
        paid_at = created_at + timedelta(seconds=seconds)
        fields = {"status": "paid", "paid_at": paid_at, "charge_id": f"ch_{uuid.uuid4()}"} | fields
    made = Payment.objects.create(
        flow=flow, visitor=uuid.uuid4(), language="en", origin="http://localhost", product=product,
        product_name=product.name, quantity=1, unit_amount=2000, amount=2000, currency="jpy", **fields,
    )  # fmt: skip
    Payment.objects.filter(pk=made.pk).update(created_at=created_at)


@time_machine.travel(NOW, tick=False)
def test_each_order_is_counted_once_by_its_outcome(products: dict[str, Product]) -> None:
    product = products["t-shirt"]
    order(product, "modern", seconds=30)
    order(product, "modern", hours_ago=30, seconds=90, status="refunded", amount_refunded=2000)
    order(product, "modern", seconds=60, status="disputed", mismatched=True)
    order(product, "modern", status="failed")
    order(product, "modern", status="expired")
    order(product, "modern", hours_ago=24.1, status="pending")
    order(product, "modern", hours_ago=23.9, status="pending")
    order(product, "modern", hours_ago=50, status="processing")
    order(product, "modern", hours_ago=24 * 7.01, seconds=1)
    order(product, "legacy", seconds=-5)

    found = progress(days=7)

    modern, legacy = found["modern"], found["legacy"]
    assert (modern.started, modern.paid, modern.declined, modern.abandoned, modern.waiting) == (8, 3, 1, 2, 2)
    assert (modern.finished, modern.paid_share, modern.mismatched) == (6, 50, 1)
    assert modern.started == modern.finished + modern.waiting
    assert (modern.seconds, legacy.seconds) == ([30, 60, 90], [0])
    # Days are those of Tokyo: 30 hours ago was the 19th there at six in the morning.
    assert modern.paid_by_day == {date(2026, 11, 20): 2, date(2026, 11, 19): 1}
    assert (legacy.started, legacy.paid_share) == (1, 100)


def test_without_orders_all_is_nought(db: None) -> None:
    assert progress(days=14) == {flow: FlowProgress(flow, seconds=[]) for flow in ("legacy", "modern")}
    assert FlowProgress("modern").within(0.5) is None


@pytest.mark.parametrize(("share", "seconds"), [(0, 1), (0.5, 3), (0.95, 4), (1, 4)])
def test_a_share_of_the_times(share: float, seconds: int) -> None:
    assert FlowProgress("modern", seconds=[1, 2, 3, 4]).within(share) == timedelta(seconds=seconds)


GOOD = {"paid": 90, "declined": 10}


@pytest.mark.parametrize(
    ("legacy", "modern", "reason", "number"),
    [
        (GOOD, {"paid": 81, "declined": 19}, "good", 81),
        (GOOD, {"paid": 80, "declined": 20}, "good", 80),
        (GOOD, {"paid": 79, "declined": 21}, "fewer-paid", 11),
        (GOOD, {"paid": ENOUGH - 1}, "too-few", 1),
        (GOOD, {"paid": ENOUGH}, "good", 100),
        (GOOD, {"paid": 100, "mismatched": 2}, "mismatched", 2),
        ({"paid": ENOUGH - 1}, {"paid": 1, "abandoned": ENOUGH}, "good", 3),
        ({}, {}, "too-few", ENOUGH),
    ],
)
def test_whether_more_visitors_can_be_moved(
    legacy: dict[str, int], modern: dict[str, int], reason: str, number: int
) -> None:
    found = verdict(FlowProgress("legacy", **legacy), FlowProgress("modern", **modern))

    assert (found.can_go_on, found.reason, found.number) == (reason == "good", reason, number)
