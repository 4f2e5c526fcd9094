"""What the board's templates need and Django does not have."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from bbs import payments
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


@register.inclusion_tag("admin/bbs/_legacy_warning.html")
def legacy_warning() -> dict[str, object]:
    """Show staff what the legacy flow needs of the Stripe account, where visitors can pay with it."""
    return {
        "charges_card_tokens": payments.charges_card_tokens(),
        "api_policies": declines.API_POLICIES,
        "japans_mandate": declines.JAPANS_MANDATE,
    }
