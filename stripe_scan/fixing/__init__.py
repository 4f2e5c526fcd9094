"""Rewrites what a tool may change by itself (A in the catalogue), by range: every other byte of a file stays."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stripe_scan import files
from stripe_scan.fixing import pages, python
from stripe_scan.fixing.edits import Edit, apply, encoding_of
from stripe_scan.reading.broken import parse
from stripe_scan.scanning import Options, hits_of, may_have_something

# A rewritten file is read again, since a change can uncover another: `stripe.error.X(stripe.Charge.all())`.
MOST_ROUNDS = 5


@dataclass(frozen=True)
class Rewritten:
    """A file before and after, and how many places changed."""

    place: Path
    path: str
    before: bytes
    after: bytes
    count: int


def rewritten(top: Path, options: Options) -> Iterator[Rewritten]:
    """Yield the files of a folder that change. Links are left alone: they may lead out of the project."""
    for source in files.walk(top, options.exclude):
        if source.place.is_symlink() or not {"python", "page", "script"} & set(source.kinds):
            continue
        try:
            before = files.read(source)
            if not may_have_something(before):
                continue
            after, count = fixed(source, before, options)
        except files.Unreadable:
            continue
        if after != before:
            yield Rewritten(source.place, source.path, before, after, count)


def fixed(source: files.Source, data: bytes, options: Options) -> tuple[bytes, int]:
    """Return the bytes of a file after all changes, and their number; the same bytes where one would break it."""
    encoding = encoding_of(data, "python" in source.kinds)
    if encoding is None:
        return data, 0
    text, count = data.decode(encoding), 0
    for _round in range(MOST_ROUNDS):
        wanted = {(hit.line, hit.rule) for hit in hits_of(source, text.removeprefix("\ufeff"), options)}
        edits = [edit for edit in edits_in(source, text) if (edit.line, edit.rule) in wanted]
        text, done = apply(text, edits)
        count += done
        if not done:
            break
    if "python" in source.kinds and parse(text.removeprefix("\ufeff")) is None:
        return data, 0
    return text.encode(encoding), count


def edits_in(source: files.Source, text: str) -> list[Edit]:
    """Return the changes of a file; none for Python that does not parse."""
    if "python" in source.kinds:
        return list(python.edits(source.path, text))
    return list(pages.edits(text))


def diff(change: Rewritten) -> str:
    """Return a change as a unified diff."""
    before, after = (data.decode("utf-8", errors="replace") for data in (change.before, change.after))
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{change.path}", f"b/{change.path}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
