"""What a rule finds, and what one run reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

# How sure a rule is; findings of "low" are shown with --all only.
CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True, order=True)
class Hit:
    """A place in one file: `line` counts from 1, `detail` is a masked value or a version, in no language."""

    line: int
    rule: str
    confidence: str = "high"
    detail: str = ""


@dataclass(frozen=True, order=True)
class Finding:
    """A hit with its file, as a path relative to the scanned folder with forward slashes."""

    file: str
    line: int
    rule: str
    confidence: str = "high"
    detail: str = ""


@dataclass(frozen=True, order=True)
class Unread:
    """A file that could not be read or understood, and why."""

    file: str
    reason: str


@dataclass
class Report:
    """The outcome of one run."""

    findings: list[Finding] = field(default_factory=list)
    errors: list[Unread] = field(default_factory=list)
    files: int = 0


def strongest(hits: Iterable[Hit]) -> list[Hit]:
    """Return one hit for each line and rule: the one with the most confidence, sorted by line."""
    kept: dict[tuple[int, str], Hit] = {}
    for hit in hits:
        other = kept.get((hit.line, hit.rule))
        if other is None or CONFIDENCES.index(hit.confidence) < CONFIDENCES.index(other.confidence):
            kept[hit.line, hit.rule] = hit
    return sorted(kept.values())
