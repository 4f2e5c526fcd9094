"""The entries of the migration guide: `migrate.toml`."""

from __future__ import annotations

from django.urls import reverse

from compare.content.entries import Entry
from compare.content.text import Text
from compare.content.values import GUIDE_STEPS, Code, Kebab
from stripe_scan.catalogue.entries import Step as GuideStep

_NUMBERED = tuple(step for step in GUIDE_STEPS if step != "saved-cards")


class Fit(Entry, frozen=True, kw_only=True):
    """A kind of shop, and whether the guide is for it."""

    title: Text
    text: Text


class Step(Entry, frozen=True, kw_only=True):
    """A step of the guide. `command` is what it is done with, where that is not its difference alone.

    `scenarios` are those of the lab that show what can go wrong.
    """

    id: GuideStep
    title: Text
    why: Text
    command: str = ""
    check: Text
    undo: Text
    wrong: tuple[Text, ...]
    scenarios: tuple[Kebab, ...] = ()

    @property
    def number(self) -> str:
        """Its number; saved cards, which a shop may not have, come between two."""
        return str(_NUMBERED.index(self.id) + 1) if self.id in _NUMBERED else "7b"

    @property
    def url(self) -> str:
        return reverse("compare:migrate_step", args=[self.id])


class Happening(Entry, frozen=True, kw_only=True):
    """An event, what the legacy view did itself instead, and what the webhook does."""

    event: Code
    before: Text
    now: Text


class Launch(Entry, frozen=True, kw_only=True):
    """What to have done before real visitors get the modern flow."""

    title: Text
    text: Text
