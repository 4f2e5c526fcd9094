"""What each request to the server leaves behind for the sandbox, and which requests are refused, and how."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext, gettext_noop

from .api import answering, current, origin
from .api.calls import pretty
from .clock import worker
from .errors import ApiError
from .resources import effects
from .webhooks import pool

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
# The addresses that answer in JSON, whatever is wrong.
API = ("/v1/", "/v2/", "/oauth/", "/sandbox/control/")
LONGEST_PATH = 2_000  # characters
LONGEST_ORIGIN = 300


def json_errors(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer in Stripe's shape where the server refuses a call before the API sees it: its Host, its encoding.

    Must come first of all middleware.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_page = not response.headers.get("Content-Type", "").startswith("application/json")
        # Without a body it is a connection that was broken, as ordered.
        if response.status_code < 400 or not (is_page and response.content and f"{request.path_info}/".startswith(API)):
            return response
        kind = "invalid_request_error" if response.status_code < 500 else "api_error"
        message = f"The sandbox could not answer this call: {response.status_code} {response.reason_phrase}."
        answer = {"error": {"message": message, "type": kind}}
        return JsonResponse(answer, status=response.status_code, headers={"Cache-Control": "no-cache, no-store"})

    return middleware


@functools.lru_cache
def _possible(address: str) -> bool:
    try:
        return len(address) <= LONGEST_ORIGIN and urlsplit(address).port != 0
    except ValueError:  # a port beyond 65535
        return False


def _visitor(request: HttpRequest) -> str:
    """Return the address that the visitor uses. Raises BadRequest for one with a port that no network has."""
    address = f"{request.scheme}://{request.get_host()}"
    if not _possible(address):
        raise BadRequest("There can be no such host.")
    return address


class SandboxMiddleware:
    """Note where visitors reach this server, and keep the delivery thread awake while it serves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # Now, and not at the first visit: what was on its way when the last server stopped goes on at once.
        worker.start(effects, pool)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.path_info) > LONGEST_PATH:
            raise BadRequest("The address is too long.")
        visitor, port = _visitor(request), request.META.get("SERVER_PORT", "")
        origin.seen(visitor, f"http://127.0.0.1:{port}" if port.isdecimal() else "")
        worker.start(effects, pool)
        with current.answering(origin=visitor):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Refuse what a page of another origin must not do: the keys of a sandbox are public."""
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
    given = request.headers.get("Origin")
    return given is not None and given != f"{request.scheme}://{request.get_host()}"
