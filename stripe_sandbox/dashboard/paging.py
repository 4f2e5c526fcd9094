"""Lists newest first, a page at a time: as fast with 100,000 rows as with ten."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest

PAGE = 50


def page(request: HttpRequest, rows: QuerySet[Any]) -> tuple[list[Any], str]:
    """Return a page of rows and the query string that leads to the older ones, or ""."""
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    kept = {name: value for name, value in request.GET.items() if name != "before" and value}
    return found[:PAGE], urlencode({**kept, "before": found[PAGE - 1].pk})
