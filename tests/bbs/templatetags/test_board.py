"""When something was, as the receipt counts it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from bbs.models import HistoryEntry
from bbs.templatetags.board import after, moment


def test_a_time_counts_from_the_first_entry() -> None:
    first, second = (HistoryEntry(created_at=datetime(2026, 11, 26, 12, 0, n, tzinfo=UTC)) for n in (0, 3))

    assert after(second, first) == timedelta(seconds=3)


@pytest.mark.parametrize(
    ("language", "zone", "month", "written"),
    [
        ("en", "Asia/Tokyo", 11, "Nov. 26, 2026 10:16 p.m. JST"),
        ("ja", "Asia/Tokyo", 11, "2026年11月26日 22:16 JST"),
        ("en", "Europe/Berlin", 11, "Nov. 26, 2026 2:16 p.m. CET"),
        ("en", "Europe/Berlin", 7, "July 26, 2026 3:16 p.m. CEST"),
    ],
)
def test_a_moment_has_its_time_zone(language: str, zone: str, month: int, written: str) -> None:
    with translation.override(language), timezone.override(zone):
        assert moment(datetime(2026, month, 26, 13, 16, tzinfo=UTC)) == written
