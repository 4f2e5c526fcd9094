"""What each request to the server leaves behind for the sandbox, and which requests of a web page are let through."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop

from .api import answering, current, origin
from .api.calls import pretty
from .clock import worker
from .errors import ApiError
from .resources import effects
from .webhooks import deliveries

logger = logging.getLogger(__name__)

_REFUSED = gettext_noop("This address is not open to web pages of another origin.")
_SAFE = ("GET", "HEAD")
# What a page of another origin may use an address of the sandbox for, by the address's name: the values of
# `Sec-Fetch-Dest`. The card dialog says itself who may frame it, by its Content-Security-Policy.
_OPEN: dict[str, tuple[str, ...]] = {
    "api": (),
    "control": (),
    "checkout_js": ("document", "script"),
    "dialog": ("document", "iframe"),
}
# All other addresses are pages: a link or a redirect may lead a visitor there.
_PAGE = ("document",)


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

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Refuse what a page of another origin may not do: the keys of a sandbox are known to everybody."""
        match = request.resolver_match
        if match is None or "stripe_sandbox" not in match.namespaces or not from_another_origin(request):
            return None
        name = match.url_name or ""
        # Browsers leave it out over plain http, except to their own machine; a link then sends no Origin either.
        purpose = request.headers.get("Sec-Fetch-Dest", "script")
        if request.method in _SAFE and purpose in _OPEN.get(name, _PAGE):
            return None
        logger.warning("Refused a %s of %s by a page of another origin.", request.method, request.path)
        if name not in ("api", "control"):
            return HttpResponse(gettext(_REFUSED), status=403, content_type="text/plain; charset=utf-8")
        answer = answering.refusal(ApiError(_REFUSED, status=403))
        return HttpResponse(pretty(answer.body), status=403, content_type="application/json")


def from_another_origin(request: HttpRequest) -> bool:
    """Return whether a page of another origin makes the request: browsers say so, and no page can say otherwise.

    https://www.w3.org/TR/fetch-metadata/ Libraries and command lines send neither header, and are let through.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    return request.headers.get("Origin", own := f"{request.scheme}://{request.get_host()}") != own
