"""`manage.py check_books`: both sides' sums, and where they differ."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from tests.stage.people import DECLINED, Visitor
from tests.stage.stories import pay, run

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


def test_books_that_agree_are_said_to_and_the_sums_are_shown_by_flow_and_currency(mike: Visitor) -> None:
    pay(mike, "modern", quantity="2")
    pay(mike, "legacy", product="sunglass-101")
    pay(mike, "legacy", DECLINED)

    report = run("check_books")

    assert "legacy usd  ours $20.00  Stripe's $20.00  difference $0.00" in report
    assert "modern jpy  ours ¥4,000  Stripe's ¥4,000  difference ¥0" in report
    assert "The books agree." in report


def test_only_what_happened_since_is_compared(mike: Visitor) -> None:
    pay(mike, "modern")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    assert "jpy" not in run("check_books", f"--since={tomorrow}")
