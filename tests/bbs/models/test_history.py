"""What a history entry shows, and to whom."""

from __future__ import annotations

import pytest
from django.utils import translation

from bbs.models import HistoryEntry


def test_a_refund_is_shown_as_money_and_another_detail_as_it_is() -> None:
    with translation.override("en"):
        assert HistoryEntry(kind="refunded", detail="700 jpy").shown_detail == "¥700"
        assert HistoryEntry(kind="refund_failed", detail="700 jpy").shown_detail == "¥700"
        assert HistoryEntry(kind="dispute_closed", detail="won").shown_detail == "won"


@pytest.mark.parametrize("kind", HistoryEntry.Kind.values)
def test_why_a_bank_declined_and_what_only_staff_can_do_is_not_for_the_visitor(kind: str) -> None:
    assert HistoryEntry(kind=kind).is_for_visitor == (kind not in ("declined", "mismatch"))
