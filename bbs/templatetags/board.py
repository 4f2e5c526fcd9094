"""What the board's templates need and Django does not have."""

from __future__ import annotations

from datetime import timedelta

from django import template

from bbs.models import HistoryEntry
from bbs.payments import declines

register = template.Library()
register.filter(declines.failure_text)


@register.filter
def after(entry: HistoryEntry, first: HistoryEntry) -> timedelta:
    """Return how much later than the first entry this one is."""
    return entry.created_at - first.created_at


@register.filter
def offset(duration: timedelta) -> str:
    """Write how much later something was: "+0 ms", "+41.2 s", "+3 min", "+2 h"."""
    seconds = max(duration.total_seconds(), 0)
    for limit, text in (
        (1, f"{seconds * 1000:.0f} ms"),
        (120, f"{seconds:.1f} s"),
        (7200, f"{seconds / 60:.0f} min"),
    ):
        if seconds < limit:
            return f"+{text}"
    return f"+{seconds / 3600:.0f} h"
