"""The WSGI entry point. Application servers skip Django's system checks, so the payment ones are run here."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from bbs_project.content_type import plain
from bbs_project.startup import check_settings, one_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bbs_project.settings")

with one_sentence():
    site = get_wsgi_application()
    check_settings()

# What is loaded by now stays. The collector looked at all of it every few thousand requests, which took 0.07 s.
gc.freeze()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Hand a request to the site, with headers that Django can read."""
    environ["CONTENT_TYPE"] = plain(environ.get("CONTENT_TYPE", ""))
    length = environ.get("CONTENT_LENGTH") or ""
    # Django takes what is no number as 0 too, but for `request.body`, which raises ValueError.
    environ["CONTENT_LENGTH"] = length if length.isdecimal() and len(length) < 19 else "0"
    return site(environ, start_response)
