"""Gathers what is said about a payment, and stores it masked. Whatever goes wrong in it, the payment goes on.

A view that answers for a payment gathers its own request and the calls to Stripe that it makes; they are masked and
stored in one write after the answer was sent, so that nobody waits for it. Calls made elsewhere (a command, the
admin) are stored as they are made.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial, wraps
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal, receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from bbs.models import Payment
from bbs.record.models import WireMessage
from bbs.visitor import visitor_id
from compare.wire.messages import Answered, Call, Timing

# A receipt left open asks every half minute; a story of more messages than these is not told better.
MOST_MESSAGES = 500

View = Callable[..., HttpResponse]
Heard = tuple[UUID, Call | Answered, Timing]

# A signal, because `send_robust` logs what its receivers raise, whatever it is, and goes on.
_heard = Signal()


@dataclass
class _Gathering:
    """What one request of a visitor or of Stripe was about, and the calls it led to."""

    about: UUID | None = None
    heard: list[Heard] = field(default_factory=list)


_gathering: ContextVar[_Gathering | None] = ContextVar("gathering", default=None)


class Stopwatch:
    """Runs from the moment it is made."""

    def __init__(self) -> None:
        self._started_at, self._start = timezone.now(), time.perf_counter()

    def read(self) -> Timing:
        return Timing(self._started_at, (time.perf_counter() - self._start) * 1000)


def recorded(kind: WireMessage.Kind) -> Callable[[View], View]:
    """Make a view record the requests that turn out to be about a payment."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not settings.RECORD_WIRE:
                return view(request, *args, **kwargs)
            gathering, watch, response = _Gathering(), Stopwatch(), None
            outer = _gathering.set(gathering)
            try:
                response = view(request, *args, **kwargs)
            finally:
                _gathering.reset(outer)
                if gathering.about:
                    own = (gathering.about, Answered(kind, request, response), watch.read())
                    _after(response, partial(_heard.send_robust, sender=kind, heard=[own, *gathering.heard]))
            return response

        return answer

    return decorate


def _after(response: HttpResponse | None, store: Callable[[], object]) -> None:
    """Store once the answer was sent, which is when a server closes it; at once where there is none."""
    if response is None:
        store()
    else:
        response._resource_closers.append(store)


def about(reference: UUID | None) -> None:
    """Say which payment the request that is being answered is about."""
    gathering = _gathering.get()
    if gathering and reference:
        gathering.about = reference


def heard_call(reference: UUID | None, call: Call, timing: Timing) -> None:
    """Record a call to Stripe; one that is about no payment is not recorded."""
    if not (settings.RECORD_WIRE and reference):
        return
    heard: Heard = (reference, call, timing)
    if gathering := _gathering.get():
        gathering.heard.append(heard)
    else:
        _heard.send_robust(sender=WireMessage.Kind.CALL, heard=[heard])


@receiver(_heard)
def _store(heard: list[Heard], **kwargs: object) -> None:
    references = {reference for reference, _what, _timing in heard}
    owners = dict(Payment.objects.filter(pk__in=references).values_list("pk", "visitor"))
    rows = [
        what.row(reference, timing)
        for reference, what, timing in heard
        if reference in owners and (isinstance(what, Call) or _belongs(what, reference, owners[reference]))
    ]
    # Its own savepoint: a write that fails must not take anything else with it.
    with transaction.atomic():
        WireMessage.objects.bulk_create(rows)


def _belongs(answered: Answered, reference: UUID, owner: UUID) -> bool:
    """Whether a request to us is part of the story: not another visitor's, and not one look at the receipt too many."""
    if answered.kind == WireMessage.Kind.WEBHOOK:
        return True
    if owner not in (visitor_id(answered.request), getattr(answered.request, "new_visitor", None)):
        return False
    is_look = answered.request.method != "POST"
    return not is_look or WireMessage.objects.filter(payment=reference).count() < MOST_MESSAGES
