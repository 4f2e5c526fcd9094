"""The account's clock: what is planned, and a way to let time pass."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from stripe_sandbox import store
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import Task
from stripe_sandbox.pages import rendering
from stripe_sandbox.resources import advancing

from . import board

# Seconds of each unit on the form.
UNITS = {"minutes": 60, "hours": 3600, "days": 24 * 3600}
# So many of what is planned are shown, the next ones first.
_LISTED = 100
# What each planned task is, for a person.
WHAT: dict[str, Promise] = {
    "authorization_expires": _("The reserved amount is released"),
    "charge_updated": _("The balance transaction is added"),
    "dispute": _("The customer's bank opens a dispute"),
    "dispute_decided": _("The customer's bank decides a dispute"),
    "dispute_filled_in": _("Stripe adds evidence to a dispute"),
    "intent_succeeded": _("payment_intent.succeeded is sent"),
    "konbini_expires": _("The konbini voucher expires"),
    "konbini_paid": _("The customer pays at the konbini"),
    "refund_fail": _("The refund fails"),
    "refund_pending": _("The refund succeeds"),
    "refund_reference": _("The refund gets its reference number"),
    "session_expires": _("The Checkout Session expires"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def clock(request: HttpRequest) -> HttpResponse:
    """Show the time and what is planned, and let time pass."""
    if request.method == "POST":
        return _advance(request)
    happened = request.GET.get("happened", "")
    context = {
        "now": rendering.moment(store.now()),
        "planned": [_planned(task) for task in Task.objects.order_by("due", "pk")[:_LISTED]],
        "happened": int(happened) if happened.isdecimal() and len(happened) < 9 else None,
        "problem": "problem" in request.GET,
    }
    return board.show(request, "clock.html", context)


def _advance(request: HttpRequest) -> HttpResponse:
    count, unit = request.POST.get("count", ""), request.POST.get("unit", "")
    back = reverse("stripe_sandbox:clock")
    if not (count.isascii() and count.isdecimal() and len(count) < 9 and unit in UNITS):
        return HttpResponseRedirect(f"{back}?problem=refused")
    try:
        happened = advancing.advance(int(count) * UNITS[unit])
    except ApiError:
        return HttpResponseRedirect(f"{back}?problem=refused")
    return HttpResponseRedirect(f"{back}?happened={len(happened)}")


def _planned(task: Task) -> dict[str, Any]:
    return {"at": rendering.moment(int(task.due)), "what": WHAT.get(task.name, task.name), "object": task.subject}
