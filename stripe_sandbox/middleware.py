"""What each request to the server leaves behind for the sandbox: its own address, and a running delivery thread."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .api import current, origin
from .clock import worker
from .resources import effects
from .webhooks import deliveries


class SandboxMiddleware:
    """Note where visitors reach this server, and keep the delivery thread awake while it serves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # Now, and not at the first visit: what was on its way when the last server stopped goes on at once.
        worker.start(effects, deliveries)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visitor, port = f"{request.scheme}://{request.get_host()}", request.META.get("SERVER_PORT", "")
        origin.seen(visitor, f"http://127.0.0.1:{port}" if port.isdecimal() else "")
        worker.start(effects, deliveries)
        with current.answering(origin=visitor):
            return self.get_response(request)
