"""What the board's templates need and Django does not have."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from bbs.durations import offset
from bbs.models import HistoryEntry
from bbs.payments import declines

register = template.Library()
register.filter(declines.failure_text)
register.filter(declines.needs_modern)
register.filter(offset)


@register.filter
def moment(time: datetime) -> str:
    """Write a time as the active language does, with its time zone."""
    local = timezone.localtime(time)
    return f"{date_format(local, 'DATE_FORMAT')} {date_format(local, 'TIME_FORMAT')} {local:%Z}"


@register.filter
def after(entry: HistoryEntry, first: HistoryEntry) -> timedelta:
    """Return how much later than the first entry this one is."""
    return entry.created_at - first.created_at
