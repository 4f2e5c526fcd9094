"""Moving visitors from the legacy to the modern flow bit by bit, and back: by a percentage, or in staff's own browser.

Nothing is written to the database: the signed ids of visitors decide, on every machine alike.
"""

from __future__ import annotations

import hashlib
import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bbs.models import Flow
from bbs.visitor import ensure_visitor_id

STAFF_COOKIE = "staff_flow"
STAFF_MAX_AGE = 24 * 60 * 60  # seconds: staff who forget their choice soon see again what visitors see
_SALT = "bbs.payments.rollout"


def includes(request: HttpRequest) -> bool:
    """Return whether this visitor is among the `settings.PAYMENT_FLOW_ROLLOUT` percent who get the modern flow.

    A higher percentage keeps all who were included before. Between 0 and 100 the visitor is remembered from now on.
    """
    percentage = settings.PAYMENT_FLOW_ROLLOUT
    return percentage > 0 and (percentage >= 100 or bucket(ensure_visitor_id(request)) < percentage)


def bucket(visitor: uuid.UUID) -> int:
    """Return which hundredth of all visitors this one is in, from 0 to 99."""
    digest = hashlib.sha256(_SALT.encode() + visitor.bytes).digest()
    return int.from_bytes(digest[:8]) % 100


def chosen_by_staff(request: HttpRequest) -> str | None:
    """Return the flow that staff chose for this browser, up to STAFF_MAX_AGE seconds ago; None where they did not."""
    chosen = request.get_signed_cookie(STAFF_COOKIE, default=None, salt=_SALT, max_age=STAFF_MAX_AGE)
    return chosen if chosen and chosen in Flow.values else None


def choose_for_staff(response: HttpResponse, flow: str) -> None:
    """Keep a flow for the browser that gets this response; any other text takes the choice back."""
    if flow not in Flow.values:
        response.delete_cookie(STAFF_COOKIE, samesite="Lax")
        return
    response.set_signed_cookie(
        STAFF_COOKIE,
        flow,
        salt=_SALT,
        max_age=STAFF_MAX_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
