"""What all pages of the sandbox share: language, security headers, and one way to render."""

from __future__ import annotations

import datetime
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.translation.trans_real import parse_accept_lang_header

from stripe_sandbox import conf

LANGUAGES = ("en", "ja")


def origin_of(url: str | None) -> str:
    """Return `scheme://host` of an address, or "" for one that a policy could not name."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if re.fullmatch(r"[\w.\-:\[\]]+", parts.netloc, re.ASCII) else ""


def policy(*leads_to: str, framed: bool = False) -> str:
    """Return a strict Content-Security-Policy; forms may lead to `leads_to`, which are origins."""
    ancestors = "'none'"
    if framed:
        ancestors = "http: https:" if conf.get("ALONE") else "'self'"
    static = origin_of(settings.STATIC_URL)
    own = f"'self' {static}".strip()
    actions = " ".join(["'self'", *sorted(set(filter(None, leads_to)))])
    return (
        f"default-src 'none'; script-src {own}; style-src {own}; img-src {own} https: data:; connect-src 'self'; "
        f"form-action {actions}; frame-ancestors {ancestors}; base-uri 'none'"
    )


def language(request: HttpRequest, locale: str | None) -> str:
    """Return the page's language: that of the session's `locale`, or for "auto" the browser's."""
    wanted = [locale] if locale and locale != "auto" else []
    if not wanted:
        wanted = [tag for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    for tag in wanted:
        if (short := tag.lower().partition("-")[0]) in LANGUAGES:
            return short
    return "en"


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    in_language: str = "",
    csp: str = "",
) -> HttpResponse:
    """Return a page of the sandbox, in a language, under a policy."""
    with translation.override(in_language or translation.get_language() or "en"):
        # Rendered without the request: the site's context processors have no business on these pages.
        context |= {
            "alone": conf.get("ALONE"),
            "csrf_token": get_token(request),
            "page_language": translation.get_language(),
            "request": request,
        }
        response = HttpResponse(loader.get_template(f"stripe_sandbox/{template}").render(context), status=status)
    response["Content-Security-Policy"] = csp or policy()
    response["Referrer-Policy"] = settings.SECURE_REFERRER_POLICY
    response["Cache-Control"] = "no-store"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None, *, rest: str | None = None) -> HttpResponse:
    """Return the sandbox's page for what it does not have, with a way out; `rest`: an address without a page."""
    return show(request, "unknown.html", {}, status=404)


class SeeOther(HttpResponse):
    """A redirect after a POST; not Django's own, which allows fewer schemes than a shop may use."""

    status_code = 303

    def __init__(self, url: str) -> None:
        super().__init__(headers={"Location": iri_to_uri(url), "Cache-Control": "no-store"})


def moment(timestamp: int) -> datetime.datetime:
    """Return a time as templates take it; seconds since 1970."""
    return datetime.datetime.fromtimestamp(timestamp, datetime.UTC)
