"""The small shop, step by step: the files of each state, and how a state differs from the one before.

`shop/<step>/` holds the files that a step changes, whole, and in `removed.txt` the paths of those that it removes. The
other files of its state are those of the state before.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from compare.content.values import GUIDE_STEPS

FOLDER = Path(__file__).parent / "shop"
START = "start"
# A shop that keeps no cards leaves this step out: no other step builds on it.
OPTIONAL = "saved-cards"
_REMOVED = "removed.txt"
_ORDER = (START, *(step for step in GUIDE_STEPS if step != OPTIONAL))
_BEFORE = dict(zip(_ORDER[1:], _ORDER, strict=False)) | {OPTIONAL: "modern"}


@dataclass(frozen=True)
class FileDifference:
    """What a step changes in one file: the lines of a unified diff, its two headers included."""

    path: str
    lines: tuple[str, ...]

    @property
    def marked(self) -> list[tuple[str, str]]:
        """Each line with the class that it is shown in; empty for one that is the same in both."""
        kinds = {"+": "plus", "-": "minus", "@": "place"}
        names, body = self.lines[:2], self.lines[2:]
        marks = ["place" for _name in names] + [kinds.get(line[:1], "") for line in body]
        ends = ["\n"] * (len(self.lines) - 1) + [""]
        return [(mark, f"{line}{end}") for mark, line, end in zip(marks, self.lines, ends, strict=True)]

    @property
    def added(self) -> int:
        return sum(line.startswith("+") for line in self.lines[2:])

    @property
    def removed(self) -> int:
        return sum(line.startswith("-") for line in self.lines[2:])


def before(step: str) -> str:
    """Return the state that a step begins with."""
    return _BEFORE[step]


@functools.cache
def files(state: str) -> dict[str, str]:
    """Return the whole shop in a state: the text of each file by its path."""
    found = {} if state == START else dict(files(before(state)))
    folder = FOLDER / state
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            found[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
    for name in found.pop(_REMOVED, "").split():
        del found[name]
    return found


@functools.cache
def differences(step: str) -> tuple[FileDifference, ...]:
    """Return what a step changes, file by file."""
    old, new = files(before(step)), files(step)
    changed = [path for path in sorted({*old, *new}) if old.get(path) != new.get(path)]
    return tuple(_difference(path, old.get(path), new.get(path)) for path in changed)


def _difference(path: str, old: str | None, new: str | None) -> FileDifference:
    """Compare two versions of a file; None is a file that is not there."""
    names = ("/dev/null" if old is None else f"a/{path}", "/dev/null" if new is None else f"b/{path}")
    lines = unified_diff((old or "").splitlines(), (new or "").splitlines(), *names, lineterm="")
    return FileDifference(path, tuple(lines))
