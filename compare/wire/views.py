"""The wire: what was really said about a payment, or about two side by side."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bbs.models import Flow, Payment
from bbs.visitor import visitor_id
from compare.pages.flows import arrows
from compare.pages.navigation import place_of
from compare.wire import pairs
from compare.wire.diagram import draw
from compare.wire.difference import differences
from compare.wire.export import as_json, as_mermaid
from compare.wire.story import Story

# What a page may hold, so that it stays under 100 KB: steps in all, and bytes for the JSON of all of them.
STEPS = 40
STEP_BYTES = 1_800
PAGE_BYTES = 86_000
ROOMS = [*range(20_000, 1_000, -1_000), 700, 240]  # bytes for one of them
CHOICES = 8
# Webhooks come within seconds; refunds and disputes are worth a reload.
LIVE = timedelta(minutes=10)


@never_cache
@require_safe
def wire_index(request: HttpRequest) -> HttpResponse:
    """List the visitor's own latest payments, and lead to the two that were selected, side by side."""
    own = _own(request)
    selected = [payment for payment in own if str(payment.pk) in request.GET.getlist("payment")]
    if len(selected) == 2:
        return redirect(pairs.url_of(*selected))
    refused = "compare" in request.GET
    context = {"own": own, "recording": settings.RECORD_WIRE, "selected": selected, "refused": refused}
    page = place_of("wire_index") | context
    return render(request, "compare/wire_index.html", page, status=400 if refused else 200)


@never_cache
@require_safe
def wire_latest(request: HttpRequest, flow: str, number: int) -> HttpResponse:
    """Lead from an arrow of the overview to its message in the visitor's latest payment that has one."""
    found = arrows(flow) if flow in Flow.values else ()
    arrow = next((arrow for arrow in found if arrow.number == number and arrow.step.wire), None)
    if arrow is None:
        raise Http404
    for payment in _own(request, flow=flow):
        for step in Story.of(payment, most=STEPS).steps:
            if step.name in arrow.step.wire:
                return redirect(f"{reverse('compare:wire', args=[payment.pk])}#{step.anchor}")
    return redirect("compare:wire_index")


@never_cache
@require_safe
def wire(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Show the story of one payment. With `since`, 204 while there is nothing newer than that version."""
    return _page(request, [_visible(request, reference)])


@never_cache
@require_safe
def wire_pair(request: HttpRequest, left: uuid.UUID, right: uuid.UUID) -> HttpResponse:
    """Show the stories of two payments side by side."""
    if left == right:
        return redirect("compare:wire", left)
    return _page(request, [_visible(request, left), _visible(request, right)])


@never_cache
@require_safe
def wire_json(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Give the whole record of a payment as JSON."""
    record = as_json(_visible(request, reference))
    response = JsonResponse(record, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="wire-{reference}.json"'
    return response


@never_cache
@require_safe
def wire_mermaid(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Give a payment's sequence diagram as Mermaid text."""
    text = as_mermaid(Story.of(_visible(request, reference), most=STEPS))
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="wire-{reference}.mmd"'
    return response


def _page(request: HttpRequest, payments: list[Payment]) -> HttpResponse:
    stories = fitting([Story.of(payment, most=STEPS // len(payments)) for payment in payments])
    version = ".".join(story.version for story in stories)
    if request.GET.get("since") == version:
        return HttpResponse(status=204)
    durations = [step.message.milliseconds for story in stories for step in story.steps]
    context = {
        "drawn": [(story, draw(story)) for story in stories],
        "stories": stories,
        "differences": differences(*stories) if len(stories) == 2 else [],
        "version": version,
        "live": any(_may_grow(story) for story in stories),
        "longest": max(durations, default=0),
        "visitor": visitor_id(request),
        "others": [payment for payment in _own(request) if payment not in payments],
    }
    return render(request, "compare/wire.html", place_of("wire_index") | context)


def fitting(stories: list[Story]) -> list[Story]:
    """Return stories whose bodies share the room on a page."""
    steps = [step for story in stories for step in story.steps]
    lengths = [len(body.encode()) for step in steps for body in (step.parameters, step.answer)]
    left = PAGE_BYTES - STEP_BYTES * len(steps)
    room = next((room for room in ROOMS if sum(min(length, room) for length in lengths) <= left), ROOMS[-1])
    return [replace(story, steps=[replace(step, room=room) for step in story.steps]) for story in stories]


def _may_grow(story: Story) -> bool:
    return not story.payment.is_final or timezone.now() - story.payment.created_at < LIVE


def _visible(request: HttpRequest, reference: uuid.UUID) -> Payment:
    """Return a payment whose record this visitor may see. Raises Http404 for any other."""
    payment = get_object_or_404(Payment.objects.select_related("product"), pk=reference)
    if payment.visitor == visitor_id(request) or _is_shown_to(request.user) or _is_demo(payment):
        return payment
    raise Http404


def _is_shown_to(user: User | AnonymousUser) -> bool:
    return user.is_staff and user.has_perm("bbs.view_payment")


def _is_demo(payment: Payment) -> bool:
    """Whether everybody may see it: it was recorded, whole, where that was so, and it still is so."""
    messages = payment.messages
    return settings.RECORD_PUBLIC and messages.exists() and not messages.filter(demo=False).exists()


def _own(request: HttpRequest, **only: str) -> list[Payment]:
    if (visitor := visitor_id(request)) is None:
        return []
    own = Payment.objects.filter(visitor=visitor, **only)
    return list(own.select_related("product").prefetch_related("refunds")[:CHOICES])
