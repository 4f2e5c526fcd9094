"""What changed from one file to the next."""

from __future__ import annotations

from compare.ladder.changes import changes


def shown(before: str, after: str, **options: int) -> list[list[str]]:
    return [[f"{line.sign}{line.html}" for line in place] for place in changes(before, after, **options)]


def test_places_that_differ_come_with_the_lines_around_them() -> None:
    before, after = "a\nb\nc\nd\ne\nf\ng\nh\n", "a\nB\nc\nd\ne\nf\ng\nh\ni\n"

    assert shown(before, after, around=1) == [["a", "-b", "+B", "c"], ["h", "+i"]]


def test_equal_files_have_none_and_nothing_is_html() -> None:
    assert shown("a < b\n", "a < b\n") == []
    assert shown("", "a &lt; b") == [["+a &amp;lt; b"]]
