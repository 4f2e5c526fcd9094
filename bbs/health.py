"""The health probe, answered before anything refuses or redirects it.

A load balancer probes over plain http and by the machine's address, whatever visitors have to do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PATH = "healthz"

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process and its database work, and 503 while the database does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        logger.error("the database does not answer: %s", error)
        return HttpResponse("The database does not answer.", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


def answer_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer the probe before the redirect to HTTPS and the check of the host: must be the first middleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return healthz(request) if request.path_info == f"/{PATH}" else get_response(request)

    return middleware
