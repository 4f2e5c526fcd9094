"""Everything of a kind that the content of the comparison pages holds, wherever it is."""

from __future__ import annotations

from typing import TypeVar

from compare.content import content
from compare.content.entries import Change, Difference, Entry, EraOfPayments, Milestone, Note, Reason, Term
from compare.content.guide import Fit, Happening, Launch, Step
from compare.content.text import Claim
from compare.content.walk import within

Kind = TypeVar("Kind")
# The entries whose own sources and tests are shown beside them.
SHOWN = (Change, Reason, EraOfPayments, Milestone, Difference, Term, Note, Fit, Step, Happening, Launch)


def all_of(kind: type[Kind] | tuple[type[Kind], ...]) -> list[Kind]:
    """Return every object of a class, or of several, in the content."""
    return list(within(content(), kind))


def statements() -> list[Claim | Entry]:
    """Return what is shown with its evidence: claims, and entries that are one."""
    return all_of((Claim, *SHOWN))
