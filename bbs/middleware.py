"""What every request passes: its address is the visitor's, caches are told, it is UTF-8, and its visitor is kept."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from bbs.payments.context import about
from bbs.visitor import COOKIE, MAX_AGE, forwarded_address

FORM = "application/x-www-form-urlencoded"


def behind_proxies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Put the visitor's address into REMOTE_ADDR, where proxies of ours (`settings.TRUSTED_PROXIES`) hide it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.TRUSTED_PROXIES:
            request.META["REMOTE_ADDR"] = forwarded_address(request)
        return get_response(request)

    return middleware


def utf8_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse what is not UTF-8: other charsets can crash a form, and Django reads stray bytes as Latin-1.

    Raises BadRequest, which becomes a page with status 400.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.content_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            # Nothing may be decoded by it, also not while the page that says so is made.
            request.encoding = "utf-8"
            raise BadRequest("The charset is not UTF-8.")
        if request.content_type == FORM:
            try:
                request.body.decode()
            except UnicodeDecodeError:
                raise BadRequest("The form is not UTF-8.") from None
        return get_response(request)

    return middleware


def private_unless_said(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep an answer out of shared caches unless its view says otherwise: it may hold a visitor's form or identity.

    `Vary: Cookie` alone would let all who come without a cookie share one, and so the identity that it sets.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True)
        return response

    return middleware


def visitor_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep who the visitor is in a signed cookie of its own.

    Django's session would not do: it is not saved when the answer is a 5xx, which is just when a visitor whose
    payment met trouble must be known again.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if new := getattr(request, "new_visitor", None):
            response.set_signed_cookie(
                COOKIE, new.hex, max_age=MAX_AGE, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
        return response

    return middleware


def payment_context(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Begin each request about no payment, and forget at its end which one it was about."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with about(None):
            return get_response(request)

    return middleware
