"""Payments, each with its history."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from stripe_sandbox import conf, money
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import StripeObject
from stripe_sandbox.pages import rendering
from stripe_sandbox.resources import refunds, sessions
from stripe_sandbox.resources.sessions import paying

from . import board
from .paging import page

_PAYMENT = Q(kind="payment_intent") | Q(kind="charge", payment_intent="")


def _rows(found: list[StripeObject]) -> list[dict[str, Any]]:
    """Return what the list shows of payments; an intent's card is in its latest charge."""
    latest = [stored.body.get("latest_charge") for stored in found]
    charges = {charge.sid: charge.body for charge in StripeObject.objects.filter(sid__in=filter(None, latest))}
    return [_row(stored.body, charges.get(sid) or stored.body) for stored, sid in zip(found, latest, strict=True)]


def _row(body: dict[str, Any], charge: dict[str, Any]) -> dict[str, Any]:
    status = body["status"]
    if charge.get("disputed"):
        status = "disputed"
    elif charge.get("amount_refunded"):
        status = "refunded" if charge["refunded"] else "partially_refunded"
    return {
        "id": body["id"],
        "amount": money.written(body["amount"], body["currency"], get_language() or "en"),
        "status": status,
        "card": (charge.get("payment_method_details") or {}).get("card"),
        "description": body["description"] or "",
        "created": rendering.moment(body["created"]),
        "legacy": body["object"] == "charge",
    }


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List payments: payment intents, and legacy charges."""
    found, older = page(request, StripeObject.objects.filter(_PAYMENT))
    context = {"rows": _rows(found), "older": older}
    return board.show(request, "payments.html", context)


def family(sid: str) -> list[StripeObject]:
    """Return a payment and all that belongs to it: session, charges, refunds, disputes, the oldest first."""
    payment = StripeObject.objects.filter(_PAYMENT, sid=sid).first()
    if payment is None:
        raise Http404
    if payment.kind == "payment_intent":
        others = StripeObject.objects.filter(payment_intent=sid)
    else:
        others = StripeObject.objects.filter(kind__in=["refund", "dispute"], parent=sid)
    return [payment, *others.order_by("seq")]


@require_safe
def detail(request: HttpRequest, sid: str) -> HttpResponse:
    """Show one payment's history as a timeline: what happened, and the outcome of each delivery."""
    members = family(sid)
    events = StripeObject.objects.filter(kind="event", parent__in=[member.sid for member in members])
    timeline = [
        {
            "event": event.body,
            "subject": event.parent,
            "at": rendering.moment(event.created),
            "waiting": event.body["pending_webhooks"],
        }
        for event in events.order_by("seq")
    ]
    payment = members[0].body
    context = {
        "row": _rows(members[:1])[0],
        "members": members,
        "timeline": timeline,
        "voucher": (payment.get("next_action") or {}).get("type") == "konbini_display_details",
        "refundable": any(member.kind == "charge" and _refundable(member.body) for member in members),
        "problem": request.GET.get("problem", "")[:300],
    }
    return board.show(request, "payment.html", context)


def _refundable(charge: dict[str, Any]) -> bool:
    return charge["paid"] and not charge["refunded"] and not charge["disputed"]


@require_POST
def act(request: HttpRequest, sid: str) -> HttpResponse:
    """Do what a person would do elsewhere: refund in Stripe's dashboard, pay or not at the store."""
    members = family(sid)
    action = request.POST.get("action")
    back = reverse("stripe_sandbox:payment", args=[sid])
    try:
        with transaction.atomic(using=conf.DATABASE):
            if action == "refund":
                charge = next(m for m in members if m.kind == "charge" and _refundable(m.body))
                refunds.create({"charge": charge.sid, "reason": "requested_by_customer"})
            elif action in ("voucher_paid", "voucher_expired"):
                session = next(m for m in members if m.kind == sessions.KIND)
                getattr(paying, action)(session)
    except (StopIteration, ApiError):
        back += "?problem=refused"
    return HttpResponseRedirect(back)
