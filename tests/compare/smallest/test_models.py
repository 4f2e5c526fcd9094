"""An order as the smallest shop keeps it."""

from __future__ import annotations

from compare.smallest.models import Order


def test_an_order_is_named_by_its_number() -> None:
    assert str(Order(pk=1)) == "order 1"
