"""Events: what happened to an object, sent to the endpoints that subscribe to it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stripe_sandbox import conf, ids, store
from stripe_sandbox.api import current
from stripe_sandbox.models import StripeObject

from . import backlog, deliveries, endpoints


def emit(kind: str, body: dict[str, Any], *, before: dict[str, Any] | None = None, asked: bool = True) -> StripeObject:
    """Record an event about the object `body` and put it on its way; `before` is the object as it was.

    `asked`: whether the call being answered caused it; what Stripe does without a call has no request.
    """
    why = current.request()
    # As it is now: the event is written before anything can change it.
    data: dict[str, Any] = {"object": body}
    if before is not None:
        data["previous_attributes"] = changes(before, body)
    targets = endpoints.listening(kind)
    now, later = deliveries.apart(targets)
    family = body["id"].partition("_")[2]
    event = store.add(
        {
            "id": ids.sibling(body["id"], "evt") if family.startswith("3") else ids.new("evt"),
            "object": "event",
            "api_version": conf.API_VERSION,
            "created": store.now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": len(targets),
            "request": {
                "id": why.id if asked else None,
                "idempotency_key": why.idempotency_key if asked else None,
            },
            "type": kind,
        },
        **backlog.note(later),
    )
    deliveries.plan(event, now, later)
    return event


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return what `previous_attributes` shows: the old values of what has changed, nested where both are hashes."""
    changed: dict[str, Any] = {}
    for key, new in after.items():
        old = before.get(key)
        if old == new:
            continue
        changed[key] = changes(old, new) if isinstance(old, dict) and isinstance(new, dict) else old
    return changed | {key: old for key, old in before.items() if key not in after}


@contextmanager
def changing(stored: StripeObject, event: str = "", *, asked: bool = True) -> Iterator[dict[str, Any]]:
    """Yield the object's body to be changed, save it, and emit `event` with what changed."""
    before = copy.deepcopy(stored.body)
    yield stored.body
    stored.save()
    if event and stored.body != before:
        emit(event, stored.body, before=before, asked=asked)
