"""The entries of the lab: `lab.toml`."""

from __future__ import annotations

from django.urls import reverse
from msgspec import Struct

from compare.content.entries import Entry
from compare.content.text import Text
from compare.content.values import Confirmation, Kebab, LabVerdict, Sight


class ScenarioGroup(Entry, frozen=True, kw_only=True):
    """Scenarios that belong together."""

    title: Text


class Outcome(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What comes out of a scenario on one rung, given by its id.

    `took` is what Stripe took, of each charge, and `books` what the shop recorded as paid, of each order; both in yen
    and net of refunds.
    """

    rung: Kebab
    saw: Sight
    took: tuple[int, ...]
    books: tuple[int, ...]
    delivered: int
    confirmed: Confirmation
    verdict: LabVerdict


class Scenario(Entry, frozen=True, kw_only=True):
    """Something that goes wrong, what a shop owner must expect then, and the outcome on each rung."""

    group: Kebab
    title: Text
    happens: Text
    wanted: Text
    outcomes: tuple[Outcome, ...]

    @property
    def url(self) -> str:
        return reverse("compare:scenario", args=[self.id])

    @property
    def rungs(self) -> tuple[str, ...]:
        """The ids of the rungs that can meet it."""
        return tuple(outcome.rung for outcome in self.outcomes)

    def outcome_on(self, rung: str) -> Outcome:
        """Return the outcome on a rung. Raises StopIteration for one that cannot meet it."""
        return next(outcome for outcome in self.outcomes if outcome.rung == rung)
