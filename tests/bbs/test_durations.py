"""How much later something was, as a person reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bbs.durations import length, offset


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "+0 ms"),
        (0, "+0 ms"),
        (0.0412, "+41 ms"),
        (1, "+1.0 s"),
        (41.23, "+41.2 s"),
        (119.9, "+119.9 s"),
        (120, "+2 min"),
        (7199, "+120 min"),
        (7200, "+2 h"),
        (90_000, "+25 h"),
    ],
)
def test_a_time_is_written_in_the_unit_that_it_is_read_in(seconds: float, text: str) -> None:
    assert offset(timedelta(seconds=seconds)) == text
    assert f"+{length(timedelta(seconds=seconds))}" == text
