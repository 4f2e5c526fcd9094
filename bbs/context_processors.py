"""What every page of the site shows: which flow is on, and the notice under the header."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from bbs.payments import flow_for


def site(request: HttpRequest) -> dict[str, object]:
    """Return what is the same for all visitors who have chosen the same flow."""
    return {
        "flow": flow_for(request),
        "flow_switcher": settings.PAYMENT_FLOW_SWITCHER,
        "notice_template": settings.NOTICE_TEMPLATE,
    }


def visitor(request: HttpRequest) -> dict[str, object]:
    """Return what is one visitor's own."""
    return {"next_url": next_url(request)}


def next_url(request: HttpRequest) -> str:
    """Return where the switches of flow and language lead back to: here, unless this answers a form."""
    return reverse("bbs:index") if request.method == "POST" else request.get_full_path()
