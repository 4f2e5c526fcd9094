"""How both flows did lately, side by side: what staff look at before they move more visitors to the modern one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from bbs.models import Flow, Payment

Status = Payment.Status
# How many payments of a flow, the newest ones, its times are taken from.
MOST_TIMES = 10_000
# How long a visitor may take before an order that is still pending counts as abandoned; a session lives for a day.
PATIENCE = timedelta(hours=24)
# Fewer finished orders of a flow than this say nothing.
ENOUGH = 30
# How much lower the share of paid orders may be, in hundredths, before it is no accident.
MOST_POINTS_LOWER = 10


@dataclass(frozen=True)
class FlowProgress:
    """The orders that began in one flow, by their outcome; a day is in the site's time zone.

    `seconds` are from the order to its confirmation here, sorted; in the modern flow they hold the typing of the card.
    """

    flow: str
    started: int = 0
    paid: int = 0
    declined: int = 0
    abandoned: int = 0
    waiting: int = 0
    mismatched: int = 0
    seconds: Sequence[float] = ()
    paid_by_day: dict[date, int] = field(default_factory=dict)

    @property
    def finished(self) -> int:
        return self.paid + self.declined + self.abandoned

    @property
    def paid_share(self) -> int:
        """How many of a hundred finished orders were paid."""
        return round(100 * self.paid / self.finished) if self.finished else 0

    def within(self, share: float) -> timedelta | None:
        """Return how long this share of the paid orders took at most: 0.5 is the median. None without any."""
        if not self.seconds:
            return None
        return timedelta(seconds=self.seconds[min(int(share * len(self.seconds)), len(self.seconds) - 1)])


@dataclass(frozen=True)
class Verdict:
    """Whether more visitors can be moved, and why: `reason` is one of the names in `verdict`, with its number."""

    can_go_on: bool
    reason: str
    number: int = 0


def progress(days: int) -> dict[str, FlowProgress]:
    """Return how the orders of the last `days` days did, by flow."""
    now = timezone.now()
    orders = Payment.objects.filter(created_at__gte=now - timedelta(days=days)).order_by()
    days_of: dict[str, Counter[date]] = {flow: Counter() for flow in Flow.values}
    by_day = orders.filter(paid_at__isnull=False).annotate(day=TruncDate("created_at")).values_list("flow", "day")
    for flow, day, count in by_day.annotate(count=Count("pk")):
        days_of[flow][day] += count
    return {
        flow: FlowProgress(
            flow, **_counts(orders.filter(flow=flow), now), seconds=_seconds(flow, orders), paid_by_day=days_of[flow]
        )
        for flow in (Flow.LEGACY.value, Flow.MODERN.value)
    }


def _counts(orders: QuerySet[Payment], now: datetime) -> dict[str, int]:
    """Return how many orders there are by outcome, as `FlowProgress` names it."""
    is_old = Q(created_at__lt=now - PATIENCE)
    return orders.aggregate(
        started=Count("pk"),
        paid=Count("pk", filter=Q(paid_at__isnull=False)),
        declined=Count("pk", filter=Q(paid_at=None, status=Status.FAILED)),
        abandoned=Count("pk", filter=Q(paid_at=None) & (Q(status=Status.EXPIRED) | Q(status=Status.PENDING) & is_old)),
        waiting=Count(
            "pk", filter=Q(paid_at=None) & (Q(status=Status.PROCESSING) | Q(status=Status.PENDING) & ~is_old)
        ),
        mismatched=Count("pk", filter=Q(mismatched=True)),
    )


def _seconds(flow: str, orders: QuerySet[Payment]) -> list[float]:
    newest = orders.filter(flow=flow, paid_at__isnull=False).order_by("-created_at")
    times = newest.values_list("created_at", "paid_at")[:MOST_TIMES]
    return sorted(max((paid - created).total_seconds(), 0.0) for created, paid in times if paid)


def verdict(legacy: FlowProgress, modern: FlowProgress) -> Verdict:
    """Return whether more visitors can be moved to the modern flow.

    The first of these that is so: `mismatched` (payments to review), `too-few` (modern orders that are still needed),
    `fewer-paid` (points by which the share of paid orders is lower), and `good` (the share of modern orders paid).
    """
    if modern.mismatched:
        return Verdict(can_go_on=False, reason="mismatched", number=modern.mismatched)
    if modern.finished < ENOUGH:
        return Verdict(can_go_on=False, reason="too-few", number=ENOUGH - modern.finished)
    lower = legacy.paid_share - modern.paid_share
    if legacy.finished >= ENOUGH and lower > MOST_POINTS_LOWER:
        return Verdict(can_go_on=False, reason="fewer-paid", number=lower)
    return Verdict(can_go_on=True, reason="good", number=modern.paid_share)
