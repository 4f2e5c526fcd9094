"""Pages that look the same to every visitor: rendered once, and filled in with what is one visitor's own.

Such a page is rendered without the request, so that nothing of a visitor can get into it. Where a visitor's own values
belong (a CSRF token, a signed order) it has a mark that cannot be guessed, and each response gets its own values there.
Rendered pages are kept in `settings.CACHES["pages"]` under all that they show, and so never out of date. Templates,
translations and settings are not part of that: a cache that outlives a process needs another KEY_PREFIX for the next.

To do without, let the views `render(request, template, context() | own)` instead.
"""

from __future__ import annotations

import hashlib
import html
import marshal
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.messages import get_messages
from django.core.cache import caches
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CSRF_SECRET_LENGTH, get_token
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.translation import get_language

from bbs.context_processors import next_url, site

# The newest format in which equal values are always the same bytes.
MARSHAL = 2


def render_shared(
    request: HttpRequest,
    template: str,
    shown: Any,
    context: Callable[[], Mapping[str, object]],
    own: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Return a response with a page that is rendered for the first visitor to see it, and kept for the others.

    `shown` is all that the page shows besides the language and what `context_processors.site` adds: where it is the
    same, the page is. It consists of what Python can marshal: numbers, plain texts, None, tuples and lists of these.
    `context()` is called to render the page, and must give nothing of a visitor: the template has neither `request` nor
    `user`. `own` are the values of this visitor, texts and no markup; the template may print each as it is, and do
    nothing else with it.
    """
    values: dict[str, Any] = {"csrf_token": _csrf_token(request), "next_url": next_url(request), **(own or {})}
    for_all = site(request)
    # Messages wait in a cookie or a session: a browser that sends neither has none.
    if request.COOKIES and (messages := get_messages(request)):
        pieces = _render(template, {**context(), **for_all, "messages": messages}, values)
    else:
        page: Any = (template, get_language(), get_script_prefix(), for_all, shown)
        key = hashlib.sha256(marshal.dumps(page, MARSHAL)).hexdigest()
        pieces = caches["pages"].get(key)
        if pieces is None:
            pieces = _render(template, {**context(), **for_all}, values)
            caches["pages"].set(key, pieces)
    filled = list(pieces)
    escaped = {name: html.escape(str(value)).encode() for name, value in values.items()}
    filled[1::2] = [escaped[name] for name in pieces[1::2]]
    return HttpResponse(b"".join(filled))


def _csrf_token(request: HttpRequest) -> str:
    """Return this visitor's token: of a secret that is new, the secret itself, which Django accepts as well.

    The mask that `get_token` adds is against BREACH, which compares many answers with the same secret; a new one is in
    this answer alone. Django draws secret and mask by one system call for each of their 64 characters.
    https://docs.djangoproject.com/en/5.2/ref/csrf/#how-it-works
    """
    if "CSRF_COOKIE" in request.META:
        return get_token(request)
    secret = secrets.token_hex(CSRF_SECRET_LENGTH // 2)
    request.META.update({"CSRF_COOKIE": secret, "CSRF_COOKIE_NEEDS_UPDATE": True})
    return secret


def _render(template: str, context: Mapping[str, object], own: Mapping[str, object]) -> list[Any]:
    """Return the page in pieces of bytes, and between each two of them the name of the visitor's own value there.

    Raises ValueError for a template that does something else with such a value than print it.
    """
    boundary = secrets.token_hex(16)
    marks = {name: f"{boundary}{name}{boundary}" for name in own}
    pieces: list[Any] = render_to_string(template, {**context, **marks}).split(boundary)
    if not own.keys() >= set(pieces[1::2]) or any(boundary in text.lower() for text in pieces[::2]):
        raise ValueError(f"{template} changes a visitor's own value ({', '.join(own)}): a kept page can only print it.")
    pieces[::2] = [text.encode() for text in pieces[::2]]
    return pieces


@receiver(setting_changed)
def _forget(**kwargs: object) -> None:
    """Forget all pages when a test changes a setting: a process that serves keeps those that it began with."""
    caches["pages"].clear()
