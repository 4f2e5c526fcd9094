"""Deliveries: events on their way, kept in the database until an endpoint has answered 2xx."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from django.db import connections, transaction
from django.db.models import F

from stripe_sandbox import accounts, conf, store
from stripe_sandbox.api import faults
from stripe_sandbox.clock import schedule
from stripe_sandbox.models import Attempt, Delivery, StripeObject

from . import backlog, console, endpoints, posting, standing
from .attempt import ClaimedDelivery, Reply
from .endpoints import Listener

# Seconds, beyond the time an endpoint may take, after which a claimed delivery counts as left behind.
_GRACE = 2


def apart(targets: list[Listener]) -> tuple[list[Listener], list[Listener]]:
    """Return the endpoints whose deliveries are created with the event, and those for which it waits in the backlog.

    A fault is ordered for the next deliveries: with one, none is created later.
    """
    if accounts.current().has_faults:
        return targets, []
    free = [endpoint for endpoint in targets if standing.is_free(endpoint.seq)]
    return free, [endpoint for endpoint in targets if endpoint not in free]


def plan(event: StripeObject, targets: list[Listener], later: list[Listener]) -> None:
    """Put an event on its way to each endpoint; it is posted once this transaction is committed."""
    now = time.time()
    Delivery.insert_all(
        [
            _values(event, endpoint) | {"due": now + pause, "fault": fault}
            for endpoint, posts in zip(targets, faults.for_deliveries(len(targets)), strict=True)
            for fault, pause in posts
        ]
    )
    backlog.add(event, later)
    transaction.on_commit(lambda: _told(event, [*targets, *later]), using=conf.DATABASE)


def _told(event: StripeObject, targets: list[Listener]) -> None:
    console.print_event(event)
    # Where each of them is busy or left alone the thread would wake for nothing, and slow down the call's answer.
    if any(standing.is_free(endpoint.seq) for endpoint in targets):
        schedule.bell.set()


def resend(event: StripeObject, endpoint: Listener | StripeObject) -> Delivery:
    """Put an event on its way once more, whatever the outcome of its earlier deliveries."""
    schedule.ring_on_commit()
    return Delivery(**_values(event, endpoint), due=time.time()).insert()


def _values(event: StripeObject, endpoint: Listener | StripeObject) -> dict[str, Any]:
    return {"event": event.sid, "event_type": event.tag, "endpoint": endpoint.sid, "endpoint_seq": endpoint.seq}


def bring_forward(seconds: float) -> None:
    """Let time pass for the served account's deliveries: those that wait for another attempt are due sooner."""
    with transaction.atomic(using=conf.DATABASE):
        backlog.hand_out_all()
        Delivery.objects.filter(state=Delivery.State.PENDING).update(due=F("due") - seconds)
    schedule.ring_on_commit()


class Waiting(NamedTuple):
    """An endpoint with something to post: when that is due, and until when another delivery to it is claimed."""

    account: int
    endpoint_seq: int
    due: float
    claimed_until: float


def waiting() -> list[Waiting]:
    """Return each endpoint of any account with something to post.

    The time that this takes grows with the number of these endpoints, and not with that of the deliveries.
    """
    with connections[conf.DATABASE].cursor() as cursor:
        return [Waiting(*row) for row in cursor.execute(_WAITING)]


_WAITING = """
WITH RECURSIVE waiting(seq) AS (
    SELECT MIN(endpoint_seq) FROM stripe_sandbox_delivery WHERE state = 'pending'
    UNION ALL
    SELECT (SELECT MIN(endpoint_seq) FROM stripe_sandbox_delivery WHERE state = 'pending' AND endpoint_seq > seq)
    FROM waiting WHERE seq IS NOT NULL
),
each(account, seq, due, claimed_until) AS (
    SELECT
        (SELECT account FROM stripe_sandbox_delivery WHERE state = 'pending' AND endpoint_seq = seq LIMIT 1),
        seq,
        (SELECT MIN(due) FROM stripe_sandbox_delivery WHERE state = 'pending' AND endpoint_seq = seq),
        COALESCE((
            SELECT MAX(claimed_until) FROM stripe_sandbox_delivery
            WHERE state = 'pending' AND claimed_until > 0 AND endpoint_seq = seq
        ), 0)
    FROM waiting WHERE seq IS NOT NULL
    UNION ALL
    SELECT account, endpoint_seq, due, 0 FROM stripe_sandbox_backlog
)
SELECT account, seq, MIN(due), MAX(claimed_until) FROM each GROUP BY account, seq
"""


def claim(now: float, endpoint_seq: int | None = None) -> ClaimedDelivery | None:
    """Take the served account's next due delivery, to one endpoint or to any, so that one thread of several gets it.

    None while another thread or process has claimed a delivery to the same endpoint: its order is kept.
    """
    due, values = (_DUE, [now]) if endpoint_seq is None else (f"{_DUE} AND endpoint_seq = %s", [now, endpoint_seq])
    if not (Delivery.select_values("1", due, *values, order="due LIMIT 1") or backlog.exists(endpoint_seq)):
        return None
    with transaction.atomic(using=conf.DATABASE):  # in which nobody else writes: no other claims it, nothing is cleared
        while True:
            backlog.hand_out(endpoint_seq)
            found = Delivery.select(f"{due} AND {_FREE}", *values, time.time(), order="due, id LIMIT 1")
            if not found:
                return None
            if claimed := _claim(*found):
                return claimed
            ended = Delivery.objects.filter(state=Delivery.State.PENDING, due__lte=now)
            ended.filter(endpoint_seq=found[0].endpoint_seq).update(state=Delivery.State.FAILED)


_DUE = "state = 'pending' AND due <= %s"
# What goes to one endpoint is posted one at a time.
_FREE = """NOT EXISTS (
    SELECT 1 FROM stripe_sandbox_delivery posted
    WHERE posted.state = 'pending' AND posted.claimed_until > %s
        AND posted.endpoint_seq = stripe_sandbox_delivery.endpoint_seq
)"""


def _claim(delivery: Delivery) -> ClaimedDelivery | None:
    """Claim a delivery, or return None where its endpoint is gone or switched off."""
    listener = StripeObject.first("seq = %s AND NOT deleted", delivery.endpoint_seq)
    if listener is None or listener.body["status"] != "enabled":
        return None
    delivery.claimed_until = time.time() + conf.get("DELIVERY_TIMEOUT") + _GRACE
    delivery.attempts += 1
    delivery.save(update_fields=["claimed_until", "attempts"])
    (event,) = StripeObject.select("sid = %s", delivery.event)
    return ClaimedDelivery(delivery, event, listener)


def release(claimed: ClaimedDelivery) -> None:
    """Give back a claimed delivery of which no answer was recorded."""
    Delivery.objects.filter(pk=claimed.delivery.pk).update(claimed_until=0)


def post(claimed: ClaimedDelivery) -> Reply:
    """Post a claimed delivery, note the answer and return it; no transaction is open meanwhile."""
    url = endpoints.absolute(claimed.endpoint.body["url"])
    reply = posting.send(claimed, url)
    console.print_reply(claimed.event, reply, url)
    with transaction.atomic(using=conf.DATABASE):
        record(claimed, url, reply)
    return reply


def record(claimed: ClaimedDelivery, url: str, reply: Reply) -> None:
    """Record one attempt, and plan the next unless the response was 2xx; nothing where it was cleared meanwhile."""
    if not Delivery.select_values("1", "id = %s", claimed.delivery.pk):
        return
    Attempt(
        delivery=claimed.delivery,
        at=store.moment(),
        url=url,
        status=reply.status,
        milliseconds=reply.milliseconds,
        answer=reply.text,
    ).insert()
    if 200 <= reply.status < 300:
        finish(claimed.delivery, claimed.event, succeeded=True)
        return
    pauses = conf.get("RETRY_PAUSES")
    if claimed.delivery.attempts > len(pauses):
        finish(claimed.delivery, claimed.event, succeeded=False)
        return
    claimed.delivery.due = time.time() + pauses[claimed.delivery.attempts - 1]
    claimed.delivery.claimed_until = 0
    claimed.delivery.save(update_fields=["due", "claimed_until"])


def finish(delivery: Delivery, event: StripeObject, *, succeeded: bool) -> None:
    """Close a delivery; a delivered event has one webhook less to wait for."""
    delivery.state = Delivery.State.SUCCEEDED if succeeded else Delivery.State.FAILED
    delivery.claimed_until = 0
    delivery.save(update_fields=["state", "claimed_until"])
    if succeeded:
        event.refresh_from_db()
        event.body["pending_webhooks"] = max(0, event.body["pending_webhooks"] - 1)
        event.save()


def answered(sid: str) -> bool:
    """Return whether every endpoint has been tried at least once with this event."""
    waiting = Delivery.objects.filter(event=sid, state=Delivery.State.PENDING)
    if waiting.filter(attempt__isnull=True).exists():
        return False
    return not backlog.waited_for(*StripeObject.objects.filter(kind="event", sid=sid))
