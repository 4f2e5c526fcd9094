"""The ASGI entry point. Application servers skip Django's system checks, so the payment ones are run here."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from typing import Any

from django.core.asgi import get_asgi_application
from django.db import connections

from bbs_project.content_type import plain
from bbs_project.startup import check_settings, one_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bbs_project.settings")

with one_sentence():
    site = get_asgi_application()
    check_settings()

gc.freeze()  # see wsgi.py

# As Django advises: https://docs.djangoproject.com/en/5.2/ref/databases/#caveats
for _database in connections.databases.values():
    _database["CONN_MAX_AGE"] = 0


async def application(scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
    """Hand a request to the site, with headers that Django can read."""
    headers = [
        (name, plain(value.decode("latin-1")).encode("latin-1") if name.lower() == b"content-type" else value)
        for name, value in scope.get("headers", [])
    ]
    await site(scope | {"headers": headers}, receive, send)
