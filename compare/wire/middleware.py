"""Records the requests that turn out to be about a payment: a visitor's, and Stripe's webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bbs.payments.context import current_payment
from bbs.payments.webhook import webhook
from compare.models import WireMessage
from compare.wire import recorder
from compare.wire.gathering import gathering
from compare.wire.messages import IncomingRequest
from compare.wire.recorder import Recorded, Stopwatch


def record_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Store a request, its response and the calls to Stripe it led to, once the response was sent.

    Of a request that is about no payment itself (the admin) the calls alone are stored. Must come after
    `bbs.middleware.payment_context`, which records which payment a request is about.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not settings.RECORD_WIRE:
            return get_response(request)
        watch = Stopwatch()
        with gathering() as recorded:
            response = get_response(request)
        if payment := current_payment():
            own = IncomingRequest(_kind_of(request), request, response)
            recorded.insert(0, Recorded(payment, own, watch.read()))
        if recorded:
            store_after(response, recorded)
        return response

    return middleware


def store_after(response: Any, recorded: list[Recorded]) -> None:
    """Store when the server closes the response, which is after it has sent it."""
    close = response.close

    def store_and_close() -> None:
        response.close = close
        try:
            recorder.store(recorded)
        finally:
            close()

    response.close = store_and_close


def _kind_of(request: HttpRequest) -> WireMessage.Kind:
    is_webhook = request.resolver_match and request.resolver_match.func is webhook
    return WireMessage.Kind.WEBHOOK if is_webhook else WireMessage.Kind.VISIT
