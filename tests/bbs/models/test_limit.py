"""What is counted for a minute."""

from __future__ import annotations

import datetime

from bbs.models import RecentCount


def test_a_count_shows_no_key_and_nobody_can_be_given_a_permission_for_it() -> None:
    noon = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC)

    assert str(RecentCount(key="secret", count=3, expires_at=noon)) == "3 until 2026-11-26 12:00:00+00:00"
    assert RecentCount._meta.default_permissions == ()
