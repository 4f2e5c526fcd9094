"""Texts in lines for a terminal, in both languages: a Japanese letter takes two columns and needs no space."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

# Letters that begin no line.
NOT_FIRST = set("、。，．）」』】：；！？ー…")


def width_of(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def pieces(text: str) -> Iterator[str]:
    """Yield the parts of a text between which a line can end: words with their space, and single wide letters."""
    piece = ""
    for letter in text:
        is_wide = width_of(letter) == 2
        ends = piece and (piece[-1] == " " or is_wide or width_of(piece[-1]) == 2)
        if ends and letter not in NOT_FIRST and letter != " ":
            yield piece
            piece = ""
        piece += letter
    yield piece


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Return the lines of a text, none wider than `width` unless one piece is."""
    lines: list[str] = []
    line = ""
    for piece in pieces(text):
        if line and width_of(indent + line + piece.rstrip()) > width:
            lines.append(indent + line.rstrip())
            line = ""
        line += piece
    return [*lines, indent + line.rstrip()] if line else lines
