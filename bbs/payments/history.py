"""What happened to a payment: each entry of its history, and each event that Stripe sent, stored once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bbs.models import HistoryEntry, Payment, WebhookEvent
from bbs.payments import sql

logger = logging.getLogger(__name__)

Kind = HistoryEntry.Kind


def note(payment: Payment, kind: HistoryEntry.Kind, detail: str = "") -> None:
    """Add to the payment's history and to the log: never an address, a card or a key."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(sql.ADD_ENTRY, [payment.pk.hex, kind.value, detail[:255], now])
    log_entry(payment.pk, payment.flow, kind, detail)


def log_entry(reference: UUID, flow: str, kind: HistoryEntry.Kind, detail: str) -> None:
    level = logging.WARNING if kind in (Kind.MISMATCH, Kind.REFUND_FAILED) else logging.INFO
    logger.log(level, "payment=%s flow=%s %s %s", reference, flow, kind.value, detail)


def note_once(payment: Payment, kind: HistoryEntry.Kind, detail: str = "") -> None:
    """Add what is new to the history; a concurrent duplicate entry is harmless."""
    if not HistoryEntry.objects.filter(payment=payment, kind=kind, detail=detail[:255]).exists():
        note(payment, kind, detail)


def mismatch(payment: Payment, detail: str) -> None:
    """Keep for staff that Stripe and our row disagree; nothing is delivered for it."""
    Payment.objects.filter(pk=payment.pk).update(mismatched=True)
    note_once(payment, Kind.MISMATCH, detail)


class AlreadyStored(Exception):
    """An event that is new to this request and in the database already: `event` is its row."""

    def __init__(self, event: WebhookEvent) -> None:
        super().__init__(event.pk)
        self.event = event


def store_event(event: WebhookEvent, payment: Payment | None) -> None:
    """Store a new event, with its entry in the history of the payment that it is for; leave alone a stored one.

    Raises AlreadyStored for a duplicate.
    """
    if event.is_new:
        with storing(event):
            store(payment, event)
        event.is_new = False


@contextmanager
def storing(event: WebhookEvent | None) -> Iterator[None]:
    """Write in one transaction. Raises AlreadyStored for a duplicate of the event, and then nothing is written."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        if event and (stored := WebhookEvent.objects.filter(pk=event.pk).first()):
            raise AlreadyStored(stored) from None
        raise


def store(payment: Payment | None, event: WebhookEvent | None) -> None:
    """Store a new event, if there is one, and add it to the history; call it in a transaction."""
    if event:
        sql.store(event)
        if payment:
            note(payment, Kind.WEBHOOK, event.type)


def keep_mismatch(payment: Payment, detail: str, event: WebhookEvent | None) -> None:
    """Keep for staff what Stripe and our row disagree about, and a new event that says so."""
    with storing(event):
        store(payment, event)
        mismatch(payment, detail)
