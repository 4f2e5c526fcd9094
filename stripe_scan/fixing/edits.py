"""Changes of a text by range, and the encoding in which it is written back byte by byte."""

from __future__ import annotations

import ast
import tokenize
from dataclasses import dataclass
from io import BytesIO


@dataclass(frozen=True, order=True)
class Edit:
    """What is put in place of a part of a text, for a finding: its line and rule."""

    start: int
    end: int
    new: str
    line: int
    rule: str


def apply(text: str, edits: list[Edit]) -> tuple[str, int]:
    """Return the text with the changes that do not overlap an earlier one, and their number."""
    parts: list[str] = []
    place = done = 0
    for edit in sorted(set(edits)):
        if edit.start < place or text[edit.start : edit.end] == edit.new:
            continue
        parts += [text[place : edit.start], edit.new]
        place = edit.end
        done += 1
    return "".join([*parts, text[place:]]), done


def encoding_of(data: bytes, is_python: bool) -> str | None:
    """Return the encoding that gives back the very same bytes, None where there is none."""
    found = "utf-8"
    if is_python:
        try:
            found = tokenize.detect_encoding(BytesIO(data).readline)[0]
        except SyntaxError:
            return None
    # With utf-8-sig the mark would not be a part of the text.
    encoding = "utf-8" if found == "utf-8-sig" else found
    try:
        return encoding if data.decode(encoding).encode(encoding) == data else None
    except (UnicodeError, LookupError):
        return None


Node = ast.expr | ast.stmt | ast.keyword | ast.alias


class Places:
    """Where the nodes of a tree are in its text: the parser counts bytes of UTF-8, and ends lines as Python does."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_ascii = text.isascii()
        self.starts = [0]
        for place, letter in enumerate(text):
            if letter == "\n" or (letter == "\r" and text[place + 1 : place + 2] != "\n"):
                self.starts.append(place + 1)

    def place(self, line: int, column: int) -> int:
        """Return the place of a line, counted from 1, and a column in bytes."""
        start = self.starts[line - 1]
        if self.is_ascii:
            return start + column
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return start + len(self.text[start:end].encode()[:column].decode(errors="ignore"))

    def start(self, node: Node) -> int:
        return self.place(node.lineno, node.col_offset)

    def end(self, node: Node) -> int:
        return self.place(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def source(self, node: ast.expr) -> str:
        return self.text[self.start(node) : self.end(node)]
