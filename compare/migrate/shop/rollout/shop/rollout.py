import hashlib
from uuid import uuid4

from django.conf import settings

COOKIE = "visitor"
YEAR = 365 * 24 * 60 * 60  # seconds


def visitor_of(request):
    """Return the id of the browser; a new one where it has none that we signed."""
    return request.get_signed_cookie(COOKIE, default=None) or uuid4().hex


def flow_for(visitor):
    """Return the same flow for the same visitor, on every machine; a higher percentage keeps who is in already."""
    if settings.PAYMENT_FLOW == "modern" or bucket(visitor) < settings.PAYMENT_FLOW_ROLLOUT:
        return "modern"
    return "legacy"


def bucket(visitor):
    """Return in which hundredth of all visitors one is, from 0 to 99."""
    return int.from_bytes(hashlib.sha256(visitor.encode()).digest()[:8], "big") % 100


def remember(response, visitor):
    response.set_signed_cookie(COOKIE, visitor, max_age=YEAR, httponly=True, samesite="Lax")
    return response
