"""What changed from one file to the next, as it is shown: unchanged lines, and those that were added or removed."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.safestring import SafeString

from compare.pages import highlight


@dataclass(frozen=True)
class ChangedLine:
    """A line of either file; `sign` is + for one that was added, - for one that was removed, empty for one of both."""

    sign: str
    html: SafeString


def changes(before: str, after: str, around: int = 2) -> list[list[ChangedLine]]:
    """Return the places in which two Python files differ, each with `around` lines before and after it."""
    old, new = before.splitlines(), after.splitlines()
    old_html, new_html = highlight.lines(before), highlight.lines(after)
    found = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(around):
        place = []
        for tag, a, b, c, d in group:
            if tag == "equal":
                place += [ChangedLine("", new_html[number]) for number in range(c, d)]
            else:
                place += [ChangedLine("-", old_html[number]) for number in range(a, b)]
                place += [ChangedLine("+", new_html[number]) for number in range(c, d)]
        found.append(place)
    return found
