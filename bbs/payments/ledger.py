"""What a payment may become, and the one function that settles it.

Every move is one conditional UPDATE: the first to arrive (the return page, the webhook, its duplicate,
another machine) wins, the others find it done. Only the winner delivers. A move that comes late or twice is
refused in silence; one that contradicts our row is kept for staff.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from bbs import mails
from bbs.models import HistoryEntry, Mail, Payment, Voucher, WebhookEvent
from bbs.payments import history, sql
from bbs.payments.captured import Captured, fits
from bbs.payments.history import Kind
from bbs.tasks import Task

# What handles an event: it gets the payment, and the object of the event.
Handler = Callable[[Payment, Any], None]

Status = Payment.Status

# Stripe's confirmation that money was taken outweighs our earlier status: an expired or failed payment can
# still become paid.
UNPAID = [Status.PENDING, Status.PROCESSING, Status.FAILED, Status.EXPIRED]

# The statuses a payment may come from, by the status it goes to. Between paid and refunded it is the amount
# refunded that decides. A dispute never becomes an inquiry again: a row that says so is from before they were
# distinguished.
MOVES = {
    Status.PENDING: [Status.FAILED],
    Status.PROCESSING: [Status.PENDING],
    Status.FAILED: [Status.PENDING, Status.PROCESSING],
    Status.EXPIRED: [Status.PENDING, Status.PROCESSING, Status.FAILED],
    Status.PAID: UNPAID,
    Status.INQUIRY: [Status.PAID, Status.PARTIALLY_REFUNDED, Status.DISPUTED],
    Status.DISPUTED: [Status.PAID, Status.PARTIALLY_REFUNDED, Status.REFUNDED, Status.INQUIRY],
    Status.LOST: [Status.PAID, Status.PARTIALLY_REFUNDED, Status.REFUNDED, Status.INQUIRY, Status.DISPUTED],
}


def record_session(payment: Payment, checkout_session_id: str) -> bool:
    """Record the Checkout Session to which the visitor is redirected; False when it is another one already."""
    if not payment.checkout_session_id:
        with _unless_on_another_payment(payment, {"checkout_session_id": checkout_session_id}):
            now = connection.ops.adapt_datetimefield_value(timezone.now())
            entry = sql.entries([(Kind.SENT_TO_STRIPE.value, "")], now)
            if sql.move(sql.SEND, payment.pk.hex, [checkout_session_id, payment.pk.hex], [entry]):
                history.log_entry(payment.pk, payment.flow, Kind.SENT_TO_STRIPE, "")
                payment.checkout_session_id = checkout_session_id
                return True
        payment.refresh_from_db(fields=["checkout_session_id"])
    return payment.checkout_session_id == checkout_session_id


def settle(
    payment: Payment,
    captured: Captured,
    event: WebhookEvent | None = None,
    when_incomplete: Task[[str], int] | None = None,
) -> bool:
    """Make the payment paid and deliver it; True for the one caller that did.

    Stripe's data is compared with our own row, and again by the UPDATE. A mismatch is kept for staff and delivers
    nothing. A new `event`, which proves it, is stored in the same transaction. The mails follow; where Stripe did not
    name the charge, whose card they show, `when_incomplete` does instead. Raises history.AlreadyStored, and changes
    nothing, for a duplicate.
    """
    if differences := captured.differences(payment):
        history.keep_mismatch(payment, differences, event)
        return False
    with _unless_on_another_payment(payment, captured.ids(), event):
        # Once paid, it never is unpaid again.
        if not payment.is_paid:
            if paid_at := _pay(payment.pk, payment.flow, captured, event, when_incomplete):
                _set(payment, {"status": Status.PAID, "paid_at": paid_at, "failure": "", **captured.details()})
                return True
            payment.refresh_from_db()
            if not payment.is_paid:
                # Meanwhile the visitor was redirected to a session: this may be another one. What `differences` finds
                # equal is equal for the UPDATE, so the next try ends it.
                return settle(payment, captured, event, when_incomplete)
        history.store(payment, event)
        _complete(payment, captured)
    return False


def settle_unread(flow: str, captured: Captured, event: WebhookEvent, when_incomplete: Task[[str], int]) -> bool:
    """Settle by a new event without reading the payment first, which nearly always is as the event says.

    False where it is not, or there is more to record than this: nothing is written then, and `settle` says why.
    """
    if captured.reference is None or not captured.could_be_ours:
        return False
    try:
        with transaction.atomic():
            return _pay(captured.reference, flow, captured, event, when_incomplete) is not None
    except IntegrityError:  # the event is stored already, or another payment has one of the ids
        return False


def _pay(
    reference: UUID,
    flow: str,
    captured: Captured,
    event: WebhookEvent | None,
    when_incomplete: Task[[str], int] | None,
) -> datetime | None:
    """Make the payment paid and deliver it, by the one UPDATE that decides who does. Returns when.

    None, and nothing is written, where another caller did, or the row is not what was captured.
    """
    paid_at = timezone.now()
    now = connection.ops.adapt_datetimefield_value(paid_at)
    details, session = captured.details(), captured.checkout_session_id or ""
    entries = [*([(Kind.WEBHOOK, event.type)] if event else []), (Kind.PAID, "")]
    delivery = [
        *([sql.event_of_paid(event)] if event else []),
        sql.entries([(kind.value, detail) for kind, detail in entries], now),
        sql.thanks_of_paid(now),
        sql.mails_of_paid(Mail.Kind.CUSTOMER.value, Mail.Kind.STAFF.value),
    ]
    agreed = [reference.hex, flow, captured.amount, captured.currency, session, session]
    agreed += [status.value for status in UNPAID]
    values = [now, *(details.get(name) for name in sql.DETAILS), *agreed]
    if not sql.move(sql.PAY, reference.hex, values, delivery):
        return None
    for kind, detail in entries:
        history.log_entry(reference, flow, kind, detail)
    if task := mails.send if captured.charge_id else when_incomplete:
        mails.enqueue(task, reference)
    return paid_at


@contextmanager
def _unless_on_another_payment(
    payment: Payment, ids: dict[str, str], event: WebhookEvent | None = None
) -> Iterator[None]:
    """Write in one transaction; where another payment has one of these ids, keep only that, for staff."""
    try:
        with history.storing(event):
            yield
    except IntegrityError:
        other = Payment.objects.exclude(pk=payment.pk).filter(Q(*ids.items(), _connector=Q.OR)).first() if ids else None
        if other is None:
            raise
        history.keep_mismatch(payment, f"{', '.join(ids.values())}: already on payment {other.pk}", event)


def _complete(payment: Payment, captured: Captured) -> None:
    """Fill in ids missing from the first notification; flag a mismatch if this is a second charge."""
    known = (payment.charge_id or captured.charge_id, payment.payment_intent_id or captured.payment_intent_id)
    if known != (captured.charge_id or payment.charge_id, captured.payment_intent_id or payment.payment_intent_id):
        history.mismatch(
            payment, f"paid twice: {payment.charge_id} {payment.payment_intent_id}, and {captured.charge_id}"
        )
    elif captured.charge_id and not payment.charge_id:
        details = captured.details()
        here = Payment.objects.filter(pk=payment.pk, charge_id=None, payment_intent_id=payment.payment_intent_id)
        if here.update(**details):
            _set(payment, details)
        else:  # another notification was quicker: this one is compared with it
            payment.refresh_from_db()
            _complete(payment, captured)


def mark_processing(payment: Payment, voucher: Voucher | None = None, email: str = "") -> bool:
    """Record that the visitor has done their part on Stripe's page and the money is under way.

    A voucher is stored with it, and mailed, once: Stripe's page may be closed, and is all that shows it.
    """
    changes = Fields(email=email if fits(email) else None)
    with transaction.atomic(savepoint=False):
        moved = move(payment, Status.PROCESSING, changes, kind=Kind.PROCESSING)
        if voucher and payment.status == Status.PROCESSING:
            values = {"url": voucher.url, "expires_at": voucher.expires_at, "codes": voucher.codes}
            _voucher, is_new = Voucher.objects.get_or_create(payment=payment, defaults=values)
            if is_new and changes.email and not payment.email:  # under way since before addresses were kept for it
                Payment.objects.filter(pk=payment.pk).update(email=changes.email)
                payment.email = changes.email
            if is_new and payment.email:
                mails.queue_voucher(payment)
    return moved


def fail(payment: Payment, code: str, token: str | None = None) -> bool:
    """Record that Stripe took nothing, and its code for why; with a `token`, only while it is the last one used."""
    changes, unchanged = Fields(failure=code), Fields(token=token)
    return move(payment, Status.FAILED, changes, kind=Kind.DECLINED, detail=code, unchanged=unchanged)


def expire(payment: Payment) -> bool:
    """Record that the order can no longer be paid."""
    return move(payment, Status.EXPIRED, kind=Kind.EXPIRED)


@dataclass(frozen=True, kw_only=True)
class Fields:
    """Some fields of a payment, to be written with a move, or compared before it; None leaves one out."""

    email: str | None = None
    token: str | None = None
    failure: str | None = None
    amount_refunded: int | None = None
    attempt: int | None = None

    def given(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if value is not None}


NO_FIELDS = Fields()


def move(
    payment: Payment,
    to: Payment.Status,
    changes: Fields = NO_FIELDS,
    *,
    come_from: Sequence[str] | None = None,
    unchanged: Fields = NO_FIELDS,
    kind: HistoryEntry.Kind | None = None,
    detail: str = "",
) -> bool:
    """Make one move in one conditional UPDATE, with its history; False when the payment was not where it starts.

    It starts from the statuses in `come_from`, or in MOVES, and with the fields that must be `unchanged`.
    """
    expected, values = unchanged.given(), {"status": to} | changes.given()
    with transaction.atomic(savepoint=False):
        here = Payment.objects.filter(pk=payment.pk, status__in=come_from or MOVES[to], **expected)
        moved = bool(here.update(**values))
        if moved and kind:
            history.note(payment, kind, detail)
    if moved:
        _set(payment, values)
        return True
    payment.refresh_from_db()
    # A decline of an earlier attempt is late, and no contradiction: its token is not the payment's any more.
    holds = all(getattr(payment, name) == value for name, value in expected.items())
    if payment.is_paid and to in UNPAID and to != Status.PROCESSING and holds:
        history.mismatch(payment, f"ours {payment.status}, Stripe's {to}")
    return False


def _set(payment: Payment, values: Mapping[str, object]) -> None:
    """Let our copy of the row have what was just written."""
    for name, value in values.items():
        setattr(payment, name, value)
