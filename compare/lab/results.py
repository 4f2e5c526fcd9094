"""A run's results as a page shows them, beside what is documented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import msgspec
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from bbs.durations import length
from bbs.models import Payment
from bbs.money import format_money
from compare.content import content
from compare.content.entries import Rung
from compare.content.lab import Outcome, Scenario
from compare.models import WireMessage
from compare.wire.diagram import draw
from compare.wire.story import Story
from compare.wire.views import fitting

GOOD = ("right", "held")
STEPS = 30  # messages of a run that are shown


def money(amounts: tuple[int, ...] | list[int]) -> str:
    """Write amounts in yen, each for itself."""
    return " + ".join(format_money(amount, "jpy") for amount in amounts) or _("nothing")


@dataclass(frozen=True)
class Column:
    """An outcome on one rung: a documented one, or that of a run, whose `result` it then has."""

    rung: Rung
    outcome: Outcome
    result: Mapping[str, Any] | None = None

    @property
    def title(self) -> str:
        return _("this site's shop") if self.rung.is_site else _("the article's code") if self.rung.number == 1 else ""

    @property
    def is_good(self) -> bool:
        return self.outcome.verdict in GOOD

    @property
    def took(self) -> str:
        return money(self.outcome.took)

    @property
    def books(self) -> str:
        return money(self.outcome.books)

    @property
    def said(self) -> str:
        """What the last page that the visitor saw says itself."""
        return self.result["text"] if self.result else ""

    @property
    def after(self) -> str:
        """How long after the payment at Stripe it was confirmed; empty where one request did both, or none did."""
        seconds = self.result["after"] if self.result else None
        is_later = seconds is not None and self.outcome.confirmed != "answer"
        return length(timedelta(seconds=seconds)) if is_later and seconds else ""

    @cached_property
    def story(self) -> Story:
        """The messages of the run."""
        messages = self.result["messages"] if self.result else []
        times = [_moment(message["started_at"]) for message in messages]
        paid_at = self.result["paid_at"] if self.result else None
        payment = Payment(flow=self.rung.flow, paid_at=_moment(paid_at) if paid_at else None)
        payment.created_at = min(times)
        rows = [
            WireMessage(**message | {"started_at": at}, payment=payment, pk=number)
            for number, (message, at) in enumerate(zip(messages, times, strict=True), start=1)
        ]
        moved_at = self.result["moved_at"] if self.result else None
        story = replace(Story.of(payment, STEPS, rows), moved_at=_moment(moved_at) if moved_at else None)
        return fitting([story])[0]

    @cached_property
    def diagram(self) -> object:
        return draw(self.story)


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None:
        raise ValueError(f"{text} is no moment.")
    return moment


def documented(scenario: Scenario, rungs: list[str]) -> list[Column]:
    """Return the outcomes that are documented for some rungs."""
    return [Column(_rung(rung), scenario.outcome_on(rung)) for rung in rungs]


def found(results: Sequence[Mapping[str, Any]]) -> list[Column]:
    """Return the outcomes of a run."""
    return [Column(_rung(result["rung"]), outcome_of(result), result) for result in results]


def outcome_of(result: Mapping[str, Any]) -> Outcome:
    """Return the outcome of a result, in the terms in which outcomes are documented."""
    return msgspec.convert({name: result[name] for name in Outcome.__struct_fields__}, Outcome)


def _rung(name: str) -> Rung:
    return next(rung for rung in content().ladder.rungs if rung.id == name)
