"""The page of the migration's state."""

from __future__ import annotations

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bbs import payments
from bbs.durations import length
from bbs.models import Flow
from bbs.payments.progress import FlowProgress, progress, verdict
from compare.pages.navigation import place_of
from compare.status.plot import HEIGHT, plot

DAYS = 14


@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Show how both flows do. With the sandbox it is open to all; with keys, to staff who may see payments."""
    return _status(request) if settings.STRIPE_SANDBOX_ENABLED else staff_member_required(_for_staff)(request)


def _for_staff(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("bbs.view_payment"):
        raise PermissionDenied
    return _status(request)


def _status(request: HttpRequest) -> HttpResponse:
    found = progress(DAYS)
    days = plot(timezone.localdate(), DAYS, {flow: each.paid_by_day for flow, each in found.items()})
    context = place_of("migrate") | {
        "verdict": verdict(found[Flow.LEGACY], found[Flow.MODERN]),
        "flows": [(each, [_length(each, 0.5), _length(each, 0.95)]) for each in found.values()],
        "has_orders": any(each.started for each in found.values()),
        "days": days,
        "width": days[-1].x + 2 * (days[1].x - days[0].x),
        "height": HEIGHT,
        "day_count": DAYS,
        "percentage": payments.percentage_moved(),
        "default_flow": settings.PAYMENT_FLOW,
    }
    return render(request, "compare/status.html", context)


def _length(flow: FlowProgress, share: float) -> str:
    took = flow.within(share)
    return "–" if took is None else length(took)
