"""Line numbers of places in a text."""

from __future__ import annotations

from stripe_scan.reading.lines import Lines, blank


def test_a_place_has_its_line() -> None:
    lines = Lines("a\nbc\n\nd")

    assert [lines.of(place) for place in range(7)] == [1, 1, 2, 2, 2, 3, 4]
    assert Lines("a\nb", first=10).of(2) == 11


def test_a_blank_part_keeps_its_lines() -> None:
    assert blank("ab\ncd", 1, 4) == " \n "
