"""The `--since` option: a date or a time, in the site's time zone."""

from __future__ import annotations

import pytest
import time_machine
from django.core.management import CommandError

from bbs.management import since
from tests.stage.stories import run

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-40", ""])
def test_a_since_that_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(CommandError, match="neither a date"):
        run("check_books", f"--since={text}")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-22", "2026-11-22T00:00:00+09:00"),
        ("2026-11-22 12:30", "2026-11-22T12:30:00+09:00"),
        ("2026-11-22T12:30:00Z", "2026-11-22T12:30:00+00:00"),
    ],
)
def test_a_date_is_its_midnight_in_the_sites_time_zone_and_a_time_may_name_another(text: str, moment: str) -> None:
    assert since.moment(text).isoformat() == moment


def test_without_one_a_week_is_looked_at() -> None:
    with time_machine.travel("2026-11-26 12:00+09:00", tick=False):
        assert since.or_default(None).isoformat() == "2026-11-19T03:00:00+00:00"
        assert since.or_default(since.moment("2026-01-01")) == since.moment("2026-01-01")
