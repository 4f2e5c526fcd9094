"""The story of one payment, from its record: each message in order, and when the payment was confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bbs.models import Payment
from compare.models import WireMessage
from compare.sequence import STRIPE, US, YOU
from compare.wire.masking import Json
from compare.wire.step import Step, actor_name


@dataclass(frozen=True)
class Event:
    """Something other than our messages: what the visitor did at Stripe, the payment, and its confirmation."""

    at: datetime
    kind: str  # unseen, moved or known
    text: str
    sender: str
    receiver: str

    @property
    def route(self) -> str:
        return f"{actor_name(self.sender)} → {actor_name(self.receiver)}"


@dataclass(frozen=True)
class Story:
    """What happened to a payment, in order. `moved_at` is when Stripe took the money, where that was observed there."""

    payment: Payment
    steps: list[Step]
    left_out: int = 0  # steps that are in the record and not shown
    moved_at: datetime | None = None

    @classmethod
    def of(cls, payment: Payment, most: int = 40, messages: Iterable[WireMessage] | None = None) -> Story:
        """Build a payment's story, with as many steps as a page can hold, from its record unless messages are given."""
        steps: list[Step] = []
        for message in payment.messages.all() if messages is None else messages:
            if steps and _is_the_same_look(steps[-1].message, message):
                steps[-1] = replace(steps[-1], repeats=steps[-1].repeats + 1)
            else:
                steps.append(Step(message))
        return cls(payment, steps[:most], max(0, len(steps) - most))

    @property
    def began_at(self) -> datetime:
        return min([self.payment.created_at, *(step.message.started_at for step in self.steps[:1])])

    @cached_property
    def money_moved_at(self) -> datetime | None:
        """When Stripe took the money: as observed, or by Stripe's clock, which counts whole seconds."""
        if self.moved_at:
            return self.moved_at
        bodies = [body for step in self.steps for body in (step.message.parameters, step.message.answer)]
        times: list[Any] = [
            found["created"]
            for found in (part for body in bodies for part in _objects(body))
            if found.get("object") == "charge" and found.get("paid") and isinstance(found.get("created"), int)
        ]
        return datetime.fromtimestamp(min(times), UTC) if times else None

    @cached_property
    def confirmed_within(self) -> tuple[timedelta, timedelta] | None:
        """How long after the payment at Stripe it was confirmed here, at least and at most.

        The same in both flows, whenever the card was entered. Stripe's clock leaves a second open, which the call that
        made the charge narrows down.
        """
        if not (self.payment.paid_at and self.money_moved_at):
            return None
        earliest, latest = self.money_moved_at, self.money_moved_at + timedelta(seconds=1)
        if call := self._charging:
            began, ended = call.message.started_at, call.ends_at
            overlaps = earliest <= ended and began <= latest
            earliest, latest = (max(earliest, began), min(latest, ended)) if overlaps else (began, ended)
        least, most = (max(self.payment.paid_at - at, timedelta()) for at in (latest, earliest))
        return least, most

    @property
    def _charging(self) -> Step | None:
        """Our call that made the charge: the last one that began before the payment was confirmed."""
        paid_at = self.payment.paid_at
        calls = [s for s in self.steps if s.sender == US and s.name == "POST /v1/charges"]
        return next((call for call in reversed(calls) if not paid_at or call.message.started_at < paid_at), None)

    @cached_property
    def settling_requests(self) -> list[Step]:
        """The requests in progress at the confirmation; in a race there are several, and one of them won."""
        paid_at = self.payment.paid_at
        to_us = [step for step in self.steps if step.receiver == US]
        return [step for step in to_us if paid_at and step.message.started_at <= paid_at <= step.ends_at]

    @cached_property
    def events(self) -> list[Event]:
        """What belongs between the messages."""
        found = []
        tick = timedelta(microseconds=1)
        for step in self.steps:
            if step.leads_to_stripe:
                found.append(Event(step.ends_at + tick, "unseen", _("the card, on Stripe's page"), YOU, STRIPE))
            if "stripeToken" in (step.message.parameters or {}):
                before = step.message.started_at - tick
                found.append(Event(before, "unseen", _("the card, in Stripe's dialog"), YOU, STRIPE))
                found.append(Event(before, "unseen", _("a token for the card"), STRIPE, YOU))
        if self.money_moved_at:
            clock = timezone.localtime(self.money_moved_at).strftime("%H:%M:%S")
            text = _("%(time)s: payment at Stripe") % {"time": clock}
            at = self._moved_between(found, self.money_moved_at)
            found.append(Event(at, "moved", text, STRIPE, STRIPE))
        if self.payment.paid_at:
            found.append(Event(self.payment.paid_at, "known", _("payment confirmed here"), US, US))
        return sorted(found, key=lambda event: event.at)

    def _moved_between(self, others: list[Event], later: datetime) -> datetime:
        """Place Stripe's whole second where it can have been: after the card was entered or our call was made."""
        calls = [s.message for s in self.steps if s.sender == US and s.message.address == "/v1/charges"]
        if self.moved_at:
            charged = [c.started_at for c in calls if c.method == "POST" and (c.status is None or c.status < 400)]
            return min(charged) + timedelta(microseconds=1) if charged else self.moved_at
        causes = [call.started_at for call in calls if call.method == "POST"]
        causes += [event.at for event in others if event.receiver == STRIPE and not causes]
        earliest = max((at for at in causes if not self.payment.paid_at or at < self.payment.paid_at), default=None)
        if earliest and (later < earliest or (self.payment.paid_at and later > self.payment.paid_at)):
            return earliest + timedelta(microseconds=1)
        return later

    @cached_property
    def entries(self) -> list[Step | Event]:
        """Return steps and events in the order in which they began."""
        mixed: list[Step | Event] = [*self.steps, *self.events]
        return sorted(mixed, key=lambda entry: entry.at if isinstance(entry, Event) else entry.message.started_at)

    @property
    def version(self) -> str:
        """Name what is shown: it differs when there is something new."""
        last = self.steps[-1] if self.steps else None
        return (
            f"{self.payment.status}-{len(self.steps)}-{last.message.pk + last.repeats if last else 0}-{self.left_out}"
        )

    def counted(self, kind: WireMessage.Kind) -> int:
        return sum(step.repeats for step in self.steps if step.message.kind == kind)

    @property
    def calls(self) -> int:
        return self.counted(WireMessage.Kind.CALL)

    @property
    def webhooks(self) -> int:
        return self.counted(WireMessage.Kind.WEBHOOK)

    @property
    def stripes_milliseconds(self) -> float:
        return sum(step.message.milliseconds for step in self.steps if step.sender == US)


def _objects(value: Json) -> Iterator[dict[str, Json]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)


def _is_the_same_look(before: WireMessage, now: WireMessage) -> bool:
    names = ("kind", "method", "address", "status", "answer")
    return (
        now.kind == WireMessage.Kind.VISIT
        and now.method == "GET"
        and all(getattr(before, name) == getattr(now, name) for name in names)
    )
