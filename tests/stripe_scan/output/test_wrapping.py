"""Texts in lines for a terminal."""

from __future__ import annotations

import pytest

from stripe_scan.output.wrapping import pieces, width_of, wrapped


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("", []),
        ("longer_than_a_line x", ["longer_than_a_line", "x"]),
        ("金額を渡す。次", ["金額を渡", "す。次"]),
        ("あ int(19) いう", ["あ int(19)", "いう"]),
    ],
)
def test_lines_are_no_wider_and_words_stay_whole(text: str, lines: list[str]) -> None:
    assert wrapped(text, 10) == lines


def test_a_line_has_its_indent_and_none_begins_with_a_full_stop() -> None:
    lines = wrapped("あいうえお。" * 20, 24, "  ")

    assert all(line.startswith("  ") and not line.startswith("  。") and width_of(line) <= 26 for line in lines)


def test_nothing_of_a_text_is_lost() -> None:
    text = "API が受け取るのは整数で、float は拒否されます。"

    assert "".join(pieces(text)) == text
