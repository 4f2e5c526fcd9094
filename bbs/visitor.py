"""Who is asking: the browser that a payment belongs to, and a keyed hash of its address."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

COOKIE = "visitor"
MAX_AGE = 365 * 24 * 60 * 60  # seconds


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
