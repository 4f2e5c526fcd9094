"""Events and the outcome of their deliveries."""

from __future__ import annotations

import json

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from stripe_sandbox import accounts, conf
from stripe_sandbox.models import Attempt, Delivery, StripeObject
from stripe_sandbox.pages import rendering
from stripe_sandbox.webhooks import backlog, deliveries, endpoints

from . import board
from .paging import page


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List events, of all types or of one."""
    events = StripeObject.objects.filter(kind="event")
    chosen = request.GET.get("type", "")
    if chosen:
        events = events.filter(tag=chosen)
    found, older = page(request, events)
    states = Delivery.objects.filter(event__in=[event.sid for event in found])
    by_event: dict[str, list[str]] = {}
    for delivery in states.order_by("pk"):
        by_event.setdefault(delivery.event, []).append(delivery.state)
    for sid, waited_for in backlog.waited_for(*found).items():
        by_event.setdefault(sid, []).extend([Delivery.State.PENDING] * len(waited_for))
    rows = [
        {"event": event, "at": rendering.moment(event.created), "states": by_event.get(event.sid, [])}
        for event in found
    ]
    context = {"rows": rows, "older": older, "chosen": chosen}
    return board.show(request, "events.html", context)


@require_safe
def detail(request: HttpRequest, sid: str) -> HttpResponse:
    """Show one event: its payload, and each attempt to deliver it."""
    event = StripeObject.objects.filter(kind="event", sid=sid).first()
    if event is None:
        raise Http404
    sent = Delivery.objects.filter(event=sid).order_by("pk")
    attempts = Attempt.objects.filter(delivery__event=sid).order_by("pk")
    rows = [
        {
            "delivery": delivery,
            "due": rendering.moment(int(delivery.due + accounts.current().clock_ahead)),
            "attempts": [
                (attempt, rendering.moment(int(attempt.at)))
                for attempt in attempts
                if attempt.delivery_id == delivery.pk
            ],
        }
        for delivery in sent
    ]
    context = {
        "event": event,
        "at": rendering.moment(event.created),
        "payload": json.dumps(event.body, indent=2, ensure_ascii=False),
        "rows": rows,
        "waits_for": backlog.waited_for(event).get(sid, []),
        "targets": endpoints.listening(event.tag),
    }
    return board.show(request, "event.html", context)


@require_POST
def resend(request: HttpRequest, sid: str) -> HttpResponse:
    """Deliver an event once more."""
    event = StripeObject.objects.filter(kind="event", sid=sid).first()
    endpoint = StripeObject.objects.filter(
        kind=endpoints.KIND, sid=request.POST.get("endpoint", ""), deleted=False
    ).first()
    if event is None or endpoint is None:
        raise Http404
    with transaction.atomic(using=conf.DATABASE):
        deliveries.resend(event, endpoints.Listener(endpoint.seq, endpoint.sid, endpoint.body["url"]))
    return HttpResponseRedirect(reverse("stripe_sandbox:event", args=[sid]))
