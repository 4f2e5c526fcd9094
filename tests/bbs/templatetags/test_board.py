"""When something was, as the receipt counts it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bbs.models import HistoryEntry
from bbs.templatetags.board import after


def test_a_time_counts_from_the_first_entry() -> None:
    first, second = (HistoryEntry(created_at=datetime(2026, 11, 26, 12, 0, n, tzinfo=UTC)) for n in (0, 3))

    assert after(second, first) == timedelta(seconds=3)
