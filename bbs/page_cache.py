"""Pages that look the same to every visitor: rendered once, and filled in with what is one visitor's own.

Such a page is rendered without the request, so that nothing of a visitor can get into it. Where a visitor's own values
belong (a CSRF token, a signed order) it has a mark that nobody can guess, and each response gets its own values there.
Rendered pages are kept in `settings.CACHES["pages"]` under all that they show, so they are never out of date. Templates
and translations are not part of that: a cache that outlives a release needs another KEY_PREFIX for the next one.

To do without, let the views `render(request, template, context() | own)` instead.
"""

from __future__ import annotations

import hashlib
import marshal
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.messages import get_messages
from django.core.cache import caches
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from bbs.context_processors import next_url, site

# The newest format in which equal values are always the same bytes.
MARSHAL = 2


def render_shared(
    request: HttpRequest,
    template: str,
    shown: object,
    context: Callable[[], Mapping[str, object]],
    own: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Return a response with a page that is rendered when nobody has seen it yet, by any visitor.

    `shown` is all that the page shows besides the language and what `context_processors.site` says: where it is the
    same, the page is. It consists of what Python can marshal: numbers, texts, None, and tuples and lists of these.
    `context()` is called to render the page, and must give nothing of a visitor; `own` are the values of this visitor.
    """
    values = {"csrf_token": get_token(request), "next_url": next_url(request), **(own or {})}
    about = site(request)
    if messages := get_messages(request):
        parts = _render(template, {**context(), **about, "messages": messages}, values)
    else:
        shows = (template, get_language(), get_script_prefix(), about, shown)
        key = hashlib.sha256(marshal.dumps(shows, MARSHAL)).hexdigest()
        parts = caches["pages"].get(key)
        if parts is None:
            parts = _render(template, {**context(), **about}, values)
            caches["pages"].set(key, parts)
    filled = list(parts)
    escaped = {name: conditional_escape(value).encode() for name, value in values.items()}
    filled[1::2] = [escaped[name] for name in parts[1::2]]
    return HttpResponse(b"".join(filled))


def _render(template: str, context: Mapping[str, object], own: Mapping[str, object]) -> list[Any]:
    """Return the page in pieces of bytes, and between each two of them the name of the visitor's own value there."""
    fence = secrets.token_hex(16)
    marks = {name: f"{fence}{name}{fence}" for name in own}
    pieces: list[Any] = render_to_string(template, {**context, **marks}).split(fence)
    pieces[::2] = [text.encode() for text in pieces[::2]]
    return pieces


@receiver(setting_changed)
def _forget(**kwargs: object) -> None:
    caches["pages"].clear()
