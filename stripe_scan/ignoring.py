"""`stripe-scan: ignore[RULE]` in a comment: the findings of its line, or of the next where the comment is alone."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Callable, Iterator

from stripe_scan.findings import Hit

MARK = "stripe-scan: ignore"
# What opens a comment, by the kind of file.
OPENS = {
    "python": ("#",),
    "requirements": ("#",),
    "script": ("//", "/*"),
    "style": ("/*", "//"),
    "page": ("<!--", "{#", "{% comment", "//", "/*"),
    "other": ("#", "//", "/*"),
}


def silences(text: str, kinds: tuple[str, ...]) -> Callable[[Hit], bool]:
    """Return what says whether a comment of the file silences a hit."""
    ignored: dict[int, set[str]] = {}
    for number, names in _ignored(text, kinds) if MARK in text else ():
        ignored.setdefault(number, set()).update(names)
    return lambda hit: bool({hit.rule, "*"} & ignored.get(hit.line, set()))


def _ignored(text: str, kinds: tuple[str, ...]) -> Iterator[tuple[int, set[str]]]:
    """Yield lines with the rules that are silent there, `*` for all."""
    opens = [sign for kind in kinds for sign in OPENS.get(kind, ())]
    in_comments = comments(text) if "python" in kinds else None
    for number, line in enumerate(text.split("\n"), 1):
        place = line.find(MARK)
        if place < 0 or not any(sign in line[:place] for sign in opens):
            continue
        if in_comments is not None and number not in in_comments:
            continue
        rest = line[place + len(MARK) :]
        named = rest[1:].partition("]")[0] if rest.startswith("[") else "*"
        names = {name.strip() for name in named.split(",")}
        yield number, names
        if any(line.lstrip().startswith(sign) for sign in opens):
            yield number + 1, names


def comments(text: str) -> set[int]:
    """Return the lines of a Python file that have a comment, as far as it can be read."""
    found = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                found.add(token.start[0])
    except (tokenize.TokenError, SyntaxError, ValueError):
        return {number for number, line in enumerate(text.split("\n"), 1) if "#" in line}
    return found
