"""Who is asking: the browser that a payment belongs to, a keyed hash of its address, and the ids it sent."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "visitor"
MAX_AGE = 365 * 24 * 60 * 60  # seconds


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


def visitor_id(request: HttpRequest) -> uuid.UUID | None:
    """Return who this browser is, or None before it has seen an order form."""
    value = request.get_signed_cookie(COOKIE, default=None)
    return uuid.UUID(value) if value else None


def ensure_visitor_id(request: HttpRequest) -> uuid.UUID:
    """Return who this browser is, remembered from now on."""
    known = visitor_id(request) or getattr(request, "new_visitor", None)
    if known is None:
        known = request.new_visitor = uuid.uuid4()
    return known


def author_of(request: HttpRequest) -> str:
    """Return who posts, as a hash that says "the same one" without saying who."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        # The last entry is the one that our own proxy added; a visitor can write those before it.
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    return salted_hmac("bbs.author", address, algorithm="sha256").hexdigest()


def id_in(request: HttpRequest, name: str) -> str:
    """Return one of Stripe's ids from the query; what cannot be one is nothing, whatever its bytes."""
    value = request.GET.get(name, "")
    return value if re.fullmatch(r"\w{1,255}", value, re.ASCII) else ""
