"""What is refused before anything reads a request."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

FORM = "application/x-www-form-urlencoded"


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
