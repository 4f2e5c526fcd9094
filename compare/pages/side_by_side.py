"""Two files side by side: their functions paired by name, what differs marked, notes beside the lines they explain."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from django.utils.safestring import SafeString

from compare.content import content
from compare.content.entries import File, Note
from compare.content.lines import Span, spans
from compare.pages import highlight
from compare.pages.call_graph import Use, uses
from compare.pages.files import BY_PATH, FILES

# Functions of the modern flow that do the work of one with another name in the legacy flow.
TWINS = {
    "_session_changed": "_charge_changed",
    "_create": "_charge",
    "test_the_button_leads_to_stripes_page_by_a_303": "test_the_button_carries_checkout_js_own_attributes",
}


@dataclass(frozen=True)
class Line:
    """A line as it is shown. `differs` says that the other side has no such line in the same function."""

    number: int
    html: SafeString
    differs: bool = False
    note: Note | None = None


@dataclass(frozen=True)
class Block:
    """A function as it is shown, and who uses it."""

    file: File
    name: str
    lines: tuple[Line, ...]
    uses: tuple[Use, ...]

    @property
    def anchor(self) -> str:
        return f"{self.file.slug}-{self.name}"


@dataclass(frozen=True)
class Row:
    """A function on both sides, or on one: then the other is None."""

    legacy: Block | None
    modern: Block | None

    @property
    def blocks(self) -> tuple[Block | None, Block | None]:
        return self.legacy, self.modern


@functools.cache
def rows(page: str) -> tuple[Row, ...]:
    """Return a code page's functions in the order of the files, those of one name side by side."""
    legacy, modern = (file for file in FILES if file.page == page)
    ours, theirs = spans(legacy.path), spans(modern.path)
    names, twins = [span.name for span in ours], [TWINS.get(span.name, span.name) for span in theirs]
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, names, twins, autojunk=False).get_opcodes():
        for left, right in zip_longest(ours[a:b], theirs[c:d]):
            marks = _differences(legacy, left, modern, right) if tag == "equal" else (set(), set())
            found.append(Row(_block(legacy, left, marks[0]), _block(modern, right, marks[1])))
    return tuple(found)


@functools.cache
def blocks(path: str) -> tuple[Block, ...]:
    """Return the functions of a file that is alone on its page."""
    return tuple(_shown(BY_PATH[path], span, set()) for span in spans(path))


def _numbered(file: File, span: Span) -> list[tuple[int, str]]:
    """Return a span's lines with their numbers, without the blank ones at its end."""
    numbered = list(enumerate(file.source.splitlines(), start=1))[span.first - 1 : span.last]
    while numbered and not numbered[-1][1].strip():
        numbered.pop()
    return numbered


def _differences(legacy: File, left: Span, modern: File, right: Span) -> tuple[set[int], set[int]]:
    ours, theirs = _numbered(legacy, left), _numbered(modern, right)
    matcher = SequenceMatcher(None, [line.strip() for _, line in ours], [line.strip() for _, line in theirs], False)
    marks: tuple[set[int], set[int]] = (set(), set())
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            marks[0].update(number for number, line in ours[a:b] if line.strip())
            marks[1].update(number for number, line in theirs[c:d] if line.strip())
    return marks


def _block(file: File, span: Span | None, differing: set[int]) -> Block | None:
    return _shown(file, span, differing) if span else None


def _shown(file: File, span: Span, differing: set[int]) -> Block:
    html = highlight.lines(file.source, file.language)
    notes = {note.number: note for note in content().notes.notes if note.path == file.path}
    lines = tuple(
        Line(number, html[number - 1], number in differing, notes.get(number)) for number, _ in _numbered(file, span)
    )
    return Block(file, span.name, lines, uses().get((file.path, span.name), ()))
