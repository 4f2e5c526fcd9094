"""What every page of the site shows: which flow is on, and the notice under the header."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from bbs.payments import flow_for


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "flow": flow_for(request),
        "flow_switcher": settings.PAYMENT_FLOW_SWITCHER,
        "notice_template": settings.NOTICE_TEMPLATE,
    }
