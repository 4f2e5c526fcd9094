"""A line of code is found by what it says, exactly once."""

from __future__ import annotations

import pytest

from compare.content.lines import line_number

MODERN = "bbs/payments/modern.py"


def test_a_line_that_is_not_there_or_is_there_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"occurs 0 times in all of bbs/payments/modern\.py"):
        line_number(MODERN, "", "no such line")
    with pytest.raises(ValueError, match="occurs 0 times in refund of"):
        line_number(MODERN, "refund", "if session and session.url:")
    with pytest.raises(ValueError, match="occurs 2 times in success of"):
        line_number("bbs/views.py", "success", "if is_own:")
    with pytest.raises(ValueError, match="occurs 0 times"):
        line_number(MODERN, "checkout", "if session and")
