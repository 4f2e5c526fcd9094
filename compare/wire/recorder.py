"""Stores what was recorded of a payment, masked. An error here never fails the payment.

`middleware.py` gathers a request and the calls to Stripe that it makes, and hands them over once its response was sent,
so that no visitor waits. `transport.py` hands over calls made outside of a request (a command) as they are made.
"""

from __future__ import annotations

import logging
import time
from contextlib import nullcontext
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from bbs.models import Payment
from bbs.visitor import visitor_id
from compare.models import WireMessage
from compare.wire.insertion import insert
from compare.wire.messages import Call, IncomingRequest, Timing

# A receipt that is left open asks every half minute; beyond this number its polls are not recorded.
MOST_MESSAGES = 500

logger = logging.getLogger(__name__)


class Stopwatch:
    """Measures from the moment it is made."""

    def __init__(self) -> None:
        self._started_at, self._start = timezone.now(), time.perf_counter()

    def read(self) -> Timing:
        return Timing(self._started_at, (time.perf_counter() - self._start) * 1000)


@dataclass(frozen=True)
class Recorded:
    """A message as it was recorded, and the payment that it is about."""

    payment: UUID
    message: Call | IncomingRequest
    timing: Timing


def store(recorded: list[Recorded]) -> None:
    """Store messages in one write; log what fails."""
    try:
        _store(recorded)
    except Exception:  # whatever it is: no payment may fail because its record does
        logger.exception("payment=%s could not be recorded", recorded[0].payment)


def _store(recorded: list[Recorded]) -> None:
    rows = [(one, one.message.row(one.payment, one.timing)) for one in recorded]
    # A webhook's payment is one that its stored event refers to. Of any other reference it is looked up whose it is.
    notified = {one.payment for one in recorded if one.message.kind == WireMessage.Kind.WEBHOOK}
    asked = {one.payment for one in recorded} - notified
    # Within a transaction all of it is a savepoint: a query that fails must not take anything else with it.
    with transaction.atomic() if connection.in_atomic_block else nullcontext():
        owners: dict[UUID, UUID | None] = (
            dict(Payment.objects.filter(pk__in=asked).values_list("pk", "visitor")) if asked else {}
        )
        owners |= dict.fromkeys(notified)
        insert([row for one, row in rows if _belongs(one, owners)])


def _belongs(recorded: Recorded, owners: dict[UUID, UUID | None]) -> bool:
    """Return whether a message is part of its payment's story: no other visitor's, and no poll beyond MOST_MESSAGES."""
    message, reference = recorded.message, recorded.payment
    if reference not in owners:
        return False
    if not isinstance(message, IncomingRequest) or message.kind != WireMessage.Kind.VISIT:
        return True
    if owners[reference] not in (visitor_id(message.request), getattr(message.request, "new_visitor", None)):
        return False
    is_poll = message.request.method != "POST"
    return not is_poll or WireMessage.objects.filter(payment=reference).count() < MOST_MESSAGES
