"""Deliveries: events on their way, kept in the database until an endpoint has answered 2xx."""

from __future__ import annotations

import time

from django.db import transaction
from django.db.models import F, Manager

from stripe_sandbox import accounts, conf
from stripe_sandbox.api import faults
from stripe_sandbox.clock import schedule
from stripe_sandbox.models import Attempt, Delivery, Stored

from . import console, endpoints, posting
from .attempt import ClaimedDelivery, Reply

# Seconds, beyond the time an endpoint may take, after which a claimed delivery counts as left behind.
_GRACE = 2


def plan(event: Stored, targets: list[Stored]) -> None:
    """Put an event on its way to each endpoint; it is posted once this transaction is committed."""
    transaction.on_commit(lambda: console.told(event), using=conf.DATABASE)
    now = time.time()
    for endpoint in targets:
        for fault, pause in faults.for_delivery():
            Delivery(
                event=event.sid,
                event_type=event.tag,
                endpoint=endpoint.sid,
                due=now + pause,
                fault=fault,
            ).insert()
    if targets:
        schedule.ring_on_commit()


def resend(event: Stored, endpoint: Stored) -> Delivery:
    """Put an event on its way once more, whatever became of it before."""
    schedule.ring_on_commit()
    return Delivery.objects.create(event=event.sid, event_type=event.tag, endpoint=endpoint.sid, due=time.time())


def claim(now: float) -> ClaimedDelivery | None:
    """Take the served account's next due delivery: a conditional UPDATE, so that one process of several gets it."""
    own = _pending(Delivery.objects)
    if own is None or own[0] > now:
        return None
    with transaction.atomic(using=conf.DATABASE):  # or the sandbox could be cleared between two of its statements
        return _claim(now)


def _claim(now: float) -> ClaimedDelivery | None:
    lease = conf.get("DELIVERY_TIMEOUT") + _GRACE
    due = Delivery.objects.filter(state=Delivery.State.PENDING, due__lte=now)
    for delivery in due.order_by("due", "pk")[:20]:
        mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.PENDING, due=delivery.due)
        if not mine.update(due=time.time() + lease, attempts=F("attempts") + 1):
            continue
        delivery.refresh_from_db()
        event = Stored.objects.get(sid=delivery.event)
        endpoint = Stored.objects.filter(sid=delivery.endpoint, deleted=False).first()
        if endpoint is None or endpoint.body["status"] != "enabled":
            finish(delivery, event, succeeded=False)
            continue
        return ClaimedDelivery(delivery, event, endpoint)
    return None


def post(claimed: ClaimedDelivery) -> None:
    """Post a claimed delivery and note the answer; no transaction is open meanwhile."""
    url = endpoints.absolute(claimed.endpoint.body["url"])
    reply = posting.send(claimed, url)
    console.answered(claimed.event, reply, url)
    with transaction.atomic(using=conf.DATABASE):
        record(claimed, url, reply)


def do_next(now: float) -> bool:
    """Post the next due delivery of any account; return whether there was one."""
    return accounts.serve(_pending(Delivery.everywhere), now, lambda: _do_own(now))


def _do_own(now: float) -> bool:
    claimed = claim(now)
    if claimed:
        post(claimed)
    return claimed is not None


def record(claimed: ClaimedDelivery, url: str, reply: Reply) -> None:
    """Note one attempt, and plan the next if the endpoint did not say 2xx; nothing where it was cleared meanwhile."""
    if not Delivery.objects.filter(pk=claimed.delivery.pk).exists():
        return
    Attempt.objects.create(
        delivery=claimed.delivery,
        at=time.time(),
        url=url,
        status=reply.status,
        milliseconds=reply.milliseconds,
        answer=reply.text,
    )
    if 200 <= reply.status < 300:
        finish(claimed.delivery, claimed.event, succeeded=True)
        return
    pauses = conf.get("RETRY_PAUSES")
    if claimed.delivery.attempts > len(pauses):
        finish(claimed.delivery, claimed.event, succeeded=False)
        return
    claimed.delivery.due = time.time() + pauses[claimed.delivery.attempts - 1]
    claimed.delivery.save(update_fields=["due"])


def finish(delivery: Delivery, event: Stored, *, succeeded: bool) -> None:
    """Close a delivery; a delivered event has one webhook less to wait for."""
    delivery.state = Delivery.State.SUCCEEDED if succeeded else Delivery.State.FAILED
    delivery.save(update_fields=["state"])
    if succeeded:
        event.refresh_from_db()
        event.body["pending_webhooks"] = max(0, event.body["pending_webhooks"] - 1)
        event.save()


def next_due() -> float | None:
    """Return when the next delivery of any account is due, or None."""
    due = _pending(Delivery.everywhere)
    return due[0] if due else None


def _pending(deliveries: Manager[Delivery]) -> tuple[float, int] | None:
    """Return when the first of these deliveries is due, and for which account, or None."""
    pending = deliveries.filter(state=Delivery.State.PENDING)
    return pending.order_by("due").values_list("due", "account").first()


def answered(event: str) -> bool:
    """Return whether every endpoint has been tried at least once with this event."""
    waiting = Delivery.objects.filter(event=event, state=Delivery.State.PENDING)
    return not waiting.filter(attempt__isnull=True).exists()
