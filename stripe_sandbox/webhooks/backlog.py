"""The backlog: events for endpoints that are busy or left alone, whose deliveries are created when they are tried.

However many endpoints never answer, an event costs hardly more than without them: it is noted in the event itself.
"""

from __future__ import annotations

import time
from typing import Any

from stripe_sandbox.models import Backlog, Delivery, StripeObject

from .endpoints import Listener

# So many deliveries to one endpoint are created at once.
_TOGETHER = 20


def note(endpoints: list[Listener]) -> dict[str, Any]:
    """Return what an event records of the endpoints that it waits for."""
    return {"waits_for": [endpoint.seq for endpoint in endpoints], "since": time.time()} if endpoints else {}


def add(event: StripeObject, endpoints: list[Listener]) -> None:
    """Let an event with a `note` wait for these endpoints; each has one row, for the first event that waits."""
    there = {seq for (seq,) in Backlog.select_values("endpoint_seq", "TRUE")} if endpoints else set()
    due = event.private.get("since")
    rows = [
        {"endpoint": it.sid, "endpoint_seq": it.seq, "event_seq": event.seq, "due": due}
        for it in endpoints
        if it.seq not in there
    ]
    Backlog.insert_all(rows, missing=True)


def exists(endpoint_seq: int | None) -> bool:
    """Return whether an event of the served account waits for this endpoint, or for any."""
    return bool(_rows(endpoint_seq))


def hand_out(endpoint_seq: int | None) -> None:
    """Create the deliveries that are next for this endpoint, or for each, unless others are due before."""
    for row in _rows(endpoint_seq):
        sooner = "state = 'pending' AND endpoint_seq = %s AND due <= %s"
        if not Delivery.select_values("1", sooner, row.endpoint_seq, row.due, order="due LIMIT 1"):
            _hand_out(row)


def _rows(endpoint_seq: int | None) -> list[Backlog]:
    return Backlog.select("TRUE") if endpoint_seq is None else Backlog.select("endpoint_seq = %s", endpoint_seq)


def _hand_out(row: Backlog, most: int = _TOGETHER) -> None:
    listed, order = "seq, sid, tag, json_extract(private, '$.since')", f"seq LIMIT {most + 1}"
    found = StripeObject.select_values(listed, _WAITS, row.event_seq, row.endpoint_seq, order=order)
    to = {"endpoint": row.endpoint, "endpoint_seq": row.endpoint_seq}
    Delivery.insert_all([to | {"event": sid, "event_type": kind, "due": due} for _, sid, kind, due in found[:most]])
    if len(found) > most:
        row.event_seq, *_, row.due = found[most]
        row.save()
    else:
        row.delete()


_WAITS = "kind = 'event' AND seq >= %s AND %s IN (SELECT value FROM json_each(private, '$.waits_for'))"


def hand_out_all() -> None:
    """Create the deliveries of all events of the served account that wait."""
    for row in _rows(None):
        _hand_out(row, most=StripeObject.objects.filter(kind="event", seq__gte=row.event_seq).count())


def waited_for(*events: StripeObject) -> dict[str, list[str]]:
    """Return, by the id of each of these events that wait, the ids of the endpoints that it waits for."""
    rows = {row.endpoint_seq: row for row in _rows(None)}
    found: dict[str, list[str]] = {}
    for event in events:
        ends = [rows[seq] for seq in event.private.get("waits_for", []) if seq in rows]
        if waiting := [row.endpoint for row in ends if row.event_seq <= event.seq]:
            found[event.sid] = waiting
    return found
