"""What every request passes: the visitor's address, cache headers, readable input, and the visitor's session."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from csp.utils import build_policy
from django.conf import settings
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Field
from django.db.models.options import Options
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError

from bbs.payments.context import within_payment
from bbs.problems import bad_request
from bbs.visitor import COOKIE, MAX_AGE, forwarded_address

FORM = "application/x-www-form-urlencoded"
UTF_8 = ("utf-8", "utf8")
LONGEST_PATH = 2_000  # characters
LONGEST_HOST = 253 + len(":65535")  # characters: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4


def behind_proxies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Put the visitor's address into REMOTE_ADDR, where our proxies (`settings.TRUSTED_PROXIES`) hide it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.TRUSTED_PROXIES:
            request.META["REMOTE_ADDR"] = forwarded_address(request)
        return get_response(request)

    return middleware


class ReadableOnly:
    """Refuse what cannot be read, or could not be stored: no UTF-8, a NUL, an impossible Host, a very long address.

    Each is a BadRequest, which becomes a page with status 400. Must come before all that reads a cookie or a form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # PostgreSQL stores no NUL, and a session's key is looked up there. None of our pages sets such a cookie.
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\x00" not in value}
        # Django raises ValueError for a media type with a parameter in a charset that does not exist: x*=none'en'y
        if "'" in request.META.get("HTTP_ACCEPT", ""):
            del request.META["HTTP_ACCEPT"]
        if charset := (request.content_params or {}).get("charset"):
            # Nothing may be decoded by another, also not while the page that says so is made.
            request.encoding = "utf-8"
            if charset.lower() not in UTF_8:
                raise BadRequest("The charset is not UTF-8.")
        if len(request.path_info) > LONGEST_PATH:
            raise BadRequest("The address is too long.")
        refuse_impossible_host(request.META.get("HTTP_HOST", ""))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *args: object) -> None:
        """Read query and form, but for a view that machines call: it reads the bytes by itself, and answers in JSON."""
        if getattr(view, "csrf_exempt", False):
            return
        if request.content_type == FORM:
            try:
                request.body.decode()
            except UnicodeDecodeError:
                raise BadRequest("The form is not UTF-8.") from None
            except UnreadablePostError:
                raise BadRequest("The visitor did not send the whole form.") from None
        model_admin = getattr(view, "model_admin", None)
        # Our forms refuse it beside their field, with the text kept; the admin looks things up first.
        read = (request.GET, request.POST) if model_admin else (request.GET,)
        fields = (text for data in read for name in data for text in (name, *data.getlist(name)))
        if any("\x00" in text for text in (request.path_info, *fields)):
            raise BadRequest("A NUL is no character.")
        if model_admin:
            refuse_impossible_keys(request.POST, model_admin.opts)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Take for bad input a body that breaks off, and a number of more than 64 bits in a filter of the admin.

        Django passes such a number on to SQLite.
        """
        if isinstance(exception, UnreadablePostError):
            return bad_request(request, exception)
        match = request.resolver_match
        is_look = request.method in ("GET", "HEAD") and match is not None and "admin" in match.app_names
        return bad_request(request, exception) if is_look and isinstance(exception, OverflowError) else None


def refuse_impossible_keys(posted: QueryDict, opts: Options) -> None:
    """Raise BadRequest for an object's key that cannot be one: Django's admin looks up the chosen ones as they are.

    Of what a form relates an object to, only a number beyond 64 bits: the form itself says what else is no choice.
    """
    chosen = [*posted.getlist(ACTION_CHECKBOX_NAME)]
    # Those of the rows that are edited in the list; a row that is added has none.
    chosen += [text for name in posted if name.endswith(f"-{opts.pk.name}") for text in posted.getlist(name) if text]
    related = [
        key
        for field in (*opts.fields, *opts.many_to_many)
        if field.related_model
        for key in _keys(posted.getlist(field.name), field.related_model._meta.pk)
        if isinstance(key, int)
    ]
    for key in (*_keys(chosen, opts.pk), *related):
        if not (-(2**63) <= key < 2**63 if isinstance(key, int) else key is not None):
            raise BadRequest("A chosen object has no such key.")


def _keys(texts: list[str], field: Field) -> Iterator[object]:
    """Yield the keys that these texts are, and None for what is none."""
    for text in texts:
        try:
            yield field.to_python(text)
        except ValidationError:
            yield None


@functools.lru_cache
def refuse_impossible_host(host: str) -> None:
    """Raise BadRequest for a Host with a name or a port that no network has: Django allows any number of digits."""
    try:
        address = urlsplit(f"//{host}")
        possible = len(host) <= LONGEST_HOST and address.port != 0
    except ValueError:  # a port beyond 65535, among others
        possible = False
    if not possible:
        raise BadRequest("There can be no such host.")


def private_unless_said(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep an answer out of shared caches unless its view sets otherwise: it may hold a visitor's form or identity.

    `Vary: Cookie` alone would let all who come without a cookie share one, and so the identity that it sets.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private"
        return response

    return middleware


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Send `settings.CONTENT_SECURITY_POLICY`, built once, with each response that has no policy of its own.

    A view that changes it by a decorator of django-csp, or uses a nonce, needs `csp.middleware.CSPMiddleware` instead.
    """
    policy = build_policy()

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # Django's own error pages for developers have styles and scripts in them.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault("Content-Security-Policy", policy)
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
        with within_payment(None):
            return get_response(request)

    return middleware
