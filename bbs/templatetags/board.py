"""What the board's templates need and Django does not have."""

from __future__ import annotations

from datetime import timedelta

from django import template

from bbs.durations import offset
from bbs.models import HistoryEntry
from bbs.payments import declines

register = template.Library()
register.filter(declines.failure_text)
register.filter(offset)


@register.filter
def after(entry: HistoryEntry, first: HistoryEntry) -> timedelta:
    """Return how much later than the first entry this one is."""
    return entry.created_at - first.created_at
