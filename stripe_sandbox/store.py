"""Objects in the sandbox's database: kept, found, and listed newest first."""

from __future__ import annotations

import datetime
import time
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from . import accounts, conf, errors
from .database import scope
from .models import StripeObject


def moment() -> float:
    """Return the time by the clock of the account that is served: seconds since 1970, with their fraction.

    All that Stripe does follows this clock, which can be ahead of the real one. By the real one are
    signatures, since stripe-python compares them with its own, and when deliveries are posted.
    """
    return time.time() + accounts.current().clock_ahead


def now() -> int:
    """Return the time by the account's clock in whole seconds since 1970, as the API shows it."""
    return int(moment())


def today(zone: datetime.tzinfo = datetime.UTC) -> datetime.datetime:
    """Return date and time by the clock of the account that a call or a page is of; outside of any, the real ones."""
    account = scope.account()
    return datetime.datetime.fromtimestamp(time.time() + (account.clock_ahead if account else 0), zone)


def add(body: dict[str, Any], **private: Any) -> StripeObject:
    """Keep a new object, with what the sandbox alone records of it."""
    created = body.get("created") or now()
    return StripeObject(sid=body["id"], kind=body["object"], created=created, body=body, private=private).insert()


def find(kind: str, sid: str) -> StripeObject | None:
    """Return the object, or None; a deleted one counts as gone."""
    return StripeObject.first("sid = %s AND kind = %s AND NOT deleted", sid, kind)


def get(kind: str, sid: str, param: str = "id", *, status: int = 404) -> StripeObject:
    """Return the object; raises Stripe's `resource_missing` with `param` for one that is not there."""
    stored = find(kind, sid)
    if stored is None:
        raise errors.no_such(kind, sid, param, status=status)
    return stored


def listing(path: str, kind: str, params: dict[str, Any], **filters: Any) -> dict[str, Any]:
    """Return a page of objects as Stripe's list object, newest first."""
    rows = _window(StripeObject.objects.filter(kind=kind, deleted=False, **filters), kind, params)
    return as_list(path, [row.body for row in rows[0]], has_more=rows[1])


def as_list(path: str, data: list[dict[str, Any]], *, has_more: bool = False) -> dict[str, Any]:
    """Return Stripe's list object around `data`."""
    return {"object": "list", "data": data, "has_more": has_more, "url": path}


def _window(rows: QuerySet[StripeObject], kind: str, params: dict[str, Any]) -> tuple[list[StripeObject], bool]:
    for bound, value in params.get("created", {}).items():
        rows = rows.filter(**{"created" if bound == "exact" else f"created__{bound}": value})
    limit = params.get("limit", 10)
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise errors.ApiError("Received both starting_after and ending_before parameters. Please pass in only one.")
    if before:
        cursor = _cursor(kind, before, "ending_before")
        newer = Q(created__gt=cursor.created) | Q(seq__gt=cursor.seq)
        page = rows.filter(newer, created__gte=cursor.created).order_by("created", "seq")[: limit + 1]
        found = list(page)
        return found[:limit][::-1], len(found) > limit
    if after:
        cursor = _cursor(kind, after, "starting_after")
        older = Q(created__lt=cursor.created) | Q(seq__lt=cursor.seq)
        rows = rows.filter(older, created__lte=cursor.created)
    found = list(rows.order_by("-created", "-seq")[: limit + 1])
    return found[:limit], len(found) > limit


def _cursor(kind: str, sid: str, param: str) -> StripeObject:
    """Return the object that a page begins after; a deleted one keeps its place, for who deletes while paging."""
    for stored in StripeObject.select("sid = %s AND kind = %s", sid, kind):
        return stored
    raise errors.no_such(kind, sid, param, status=400)


def clear() -> None:
    """Delete all rows of the account that is served, and set its clock right; the account and its secret stay."""
    with transaction.atomic(using=conf.DATABASE):
        accounts.empty(accounts.current().pk)
        accounts.set_clock(0)
