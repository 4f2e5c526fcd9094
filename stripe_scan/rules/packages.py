"""Requirement files: the release of stripe-python."""

from __future__ import annotations

from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading.requirements import Requirements
from stripe_scan.rules import finds

# The first major release that the guide speaks of.
SPOKEN_OF = 16


def newest_major(versions: str) -> int | None:
    """Return the newest major release that a condition allows, None for any: `>=2,<3` is 2, `^5.4` is 5."""
    newest = None
    for part in versions.replace(" ", "").split(","):
        number = part.lstrip("=<>~^!v")
        major = number.partition(".")[0]
        if not major.isdecimal() or len(major) > 6 or part.startswith((">", "!=")):
            continue
        is_round = not any(map(int_or_none, number.split(".")[1:]))
        is_below = part.startswith("<") and not part.startswith("<=") and is_round
        one = int(major) - is_below
        newest = one if newest is None else min(newest, one)
    return newest


def int_or_none(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


@finds("requirements", "sdk-pin")
def packages(file: Requirements) -> Iterator[Hit]:
    for package in file.packages:
        if package.name == "stripe":
            newest = newest_major(package.versions)
            if newest is not None and newest < SPOKEN_OF:
                yield Hit(package.line, "sdk-pin", detail=f"stripe{package.versions}")
            elif not package.versions and file.path.endswith(".txt"):
                # The next installation raises it.
                yield Hit(package.line, "sdk-pin", "medium", "stripe")
