"""What a payment may become, and the one function that settles it.

Every move is one conditional UPDATE: the first to arrive (the return page, the webhook, its duplicate,
another machine) wins, the others find it done. Only the winner delivers. A move that comes late or twice is
refused in silence; one that contradicts our row is kept for staff.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import stripe
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bbs import limits, mails
from bbs.models import HistoryEntry, Payment, Refund, Voucher, WebhookEvent
from bbs.money import plain_amount
from bbs.payments import sql
from bbs.payments.order import Order, OrderRefused
from bbs.visitor import ensure_visitor_id

logger = logging.getLogger(__name__)

Status, Kind = Payment.Status, HistoryEntry.Kind

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
# What the bank still decides about.
CONTESTED = [Status.INQUIRY, Status.DISPUTED]
# An inquiry takes no money: https://docs.stripe.com/disputes/how-disputes-work#inquiries
INQUIRIES = ("warning_needs_response", "warning_under_review")
# Over, and the money is ours.
CLOSED = ("warning_closed", "prevented", "won")
# What is lost may be appealed against, and stays lost until that is won.
GIVEN_UP = ("lost", "appeal_needs_response", "appeal_under_review")
REFUND_KINDS = {
    Refund.Status.PENDING: Kind.REFUND_PENDING,
    Refund.Status.REQUIRES_ACTION: Kind.REFUND_ACTION,
    Refund.Status.FAILED: Kind.REFUND_FAILED,
    Refund.Status.CANCELED: Kind.REFUND_CANCELED,
}


@dataclass(frozen=True, kw_only=True)
class Captured:
    """What Stripe captured. `amount` is in the currency's smallest unit; ids that are not known yet are empty."""

    reference: UUID | None
    amount: int | None
    currency: str | None
    livemode: bool | None
    checkout_session_id: str | None = None
    payment_intent_id: str | None = None
    charge_id: str | None = None
    email: str = ""
    payment_method: str = ""
    card_brand: str = ""
    card_last4: str = ""

    def differences(self, payment: Payment) -> str:
        """Return what our row and Stripe do not agree about, for staff to read; empty when they agree."""
        session = payment.checkout_session_id or self.checkout_session_id
        is_named = self.amount is not None and self.currency
        our_amount = plain_amount(payment.amount, payment.currency)
        amount = plain_amount(self.amount, self.currency) if is_named else None
        ours = (payment.reference, our_amount, payment.currency, settings.STRIPE_LIVEMODE, session)
        theirs = (self.reference, amount, self.currency, self.livemode, self.checkout_session_id)
        names = ("reference", "amount", "currency", "livemode", "session")
        compared = zip(names, ours, theirs, strict=True)
        different = [f"{name}: ours {our}, Stripe's {their}" for name, our, their in compared if our != their]
        if not (self.payment_intent_id or self.charge_id):
            different.append("paid at Stripe, with neither a PaymentIntent nor a Charge")
        return "; ".join(different)

    def details(self) -> dict[str, str]:
        """Return the fields of the payment that this contains."""
        known = {name: value for name in sql.DETAILS if (value := getattr(self, name))}
        if not _fits(self.email):
            known.pop("email", None)
        return known


def open_payment(request: HttpRequest, order: Order) -> Payment:
    """Return the payment of this order: made now, or found when the same form is sent again.

    Raises OrderRefused when the order is another visitor's, and limits.LimitReached for too many new ones.
    """
    visitor = ensure_visitor_id(request)
    try:
        with transaction.atomic():
            payment = Payment.objects.create(
                reference=order.reference,
                flow=order.flow,
                visitor=visitor,
                language=get_language(),
                origin=f"{request.scheme}://{request.get_host()}",
                product=order.product,
                product_name=order.product.name,
                quantity=order.quantity,
                unit_amount=order.unit_amount,
                amount=order.amount,
                currency=order.currency,
            )
            limits.count_order(request)
            note(payment, Kind.OPENED)
    except IntegrityError:
        # The form was sent before. A new order, which is the rule, takes no look-up.
        payment = Payment.objects.filter(pk=order.reference).first()
        if payment is None:
            raise
    if payment.visitor != visitor:
        raise OrderRefused(_("This order belongs to another browser. Nothing was charged."))
    return payment


def is_under_way(order: Order) -> bool:
    """Return whether money may move for this order, or has moved: it went to Stripe, and did not fail."""
    begun = Payment.objects.filter(pk=order.reference).exclude(token="", checkout_session_id=None)
    return begun.exclude(status__in=[Status.FAILED, Status.EXPIRED]).exists()


def note(payment: Payment, kind: HistoryEntry.Kind, detail: str = "") -> None:
    """Add to the payment's history and to the log: never an address, a card or a key."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(sql.ADD_ENTRY, [payment.pk.hex, kind.value, detail[:255], now])
    _log(payment, kind, detail)


def _log(payment: Payment, kind: HistoryEntry.Kind, detail: str) -> None:
    level = logging.WARNING if kind in (Kind.MISMATCH, Kind.REFUND_FAILED) else logging.INFO
    logger.log(level, "payment=%s flow=%s %s %s", payment.pk, payment.flow, kind.value, detail)


def note_once(payment: Payment, kind: HistoryEntry.Kind, detail: str = "") -> None:
    """Add what is new to the history; a concurrent duplicate entry is harmless."""
    if not HistoryEntry.objects.filter(payment=payment, kind=kind, detail=detail[:255]).exists():
        note(payment, kind, detail)


def mismatch(payment: Payment, detail: str) -> None:
    """Keep for staff that Stripe and our row disagree; nothing is delivered for it."""
    Payment.objects.filter(pk=payment.pk).update(mismatched=True)
    note_once(payment, Kind.MISMATCH, detail)


def record_session(payment: Payment, checkout_session_id: str) -> bool:
    """Record the Checkout Session to which the visitor is redirected; False when it is another one already."""
    with _unless_on_another_payment(payment, checkout_session_id=checkout_session_id):
        unsent = Payment.objects.filter(pk=payment.pk, checkout_session_id=None)
        if unsent.update(checkout_session_id=checkout_session_id):
            note(payment, Kind.SENT_TO_STRIPE)
            payment.checkout_session_id = checkout_session_id
            return True
    payment.refresh_from_db(fields=["checkout_session_id"])
    return payment.checkout_session_id == checkout_session_id


def begin_attempt(payment: Payment, token: str, email: str) -> bool:
    """Claim the payment for charging this token; False when there is nothing more to charge.

    The same token again is the same attempt: its idempotency key makes it harmless. Another token begins a
    new attempt only after the last one is known to have failed. Raises limits.LimitReached for one too many.
    """
    unclaimed = Payment.objects.filter(pk=payment.pk, status=Status.PENDING, token="")
    declined = Payment.objects.filter(pk=payment.pk, status__in=MOVES[Status.PENDING]).exclude(token=token)
    values = {"status": Status.PENDING, "token": token, "email": email, "failure": ""}
    shown = f"tok_…{token[-4:]}"
    with transaction.atomic():
        is_known = payment.history.filter(kind=Kind.TOKEN, detail=shown).exists()
        if not is_known and (unclaimed.update(**values) or declined.update(**values)):
            limits.refuse_more_cards(payment)
            note(payment, Kind.TOKEN, shown)
    payment.refresh_from_db()
    return payment.status == Status.PENDING and payment.token == token


def renew_idempotency_key(payment: Payment) -> None:
    """Use a new idempotency key for the next attempt.

    Stripe keeps the answer of a key even if it is a 500, so the same key would fail for a day. A legacy token is
    spent only once, and a visitor who was not sent to a session cannot pay it: neither can be charged twice.
    """
    Payment.objects.filter(pk=payment.pk).update(attempt=F("attempt") + 1)


def forget_email(payment: Payment) -> None:
    """Forget an address that Stripe refuses to send a receipt to: it must not cost the sale."""
    Payment.objects.filter(pk=payment.pk).update(email="")
    payment.email = ""
    logger.info("payment=%s charged without an address for the receipt: Stripe refuses the one given", payment.pk)


def settle(payment: Payment, captured: Captured, event: WebhookEvent | None = None) -> bool:
    """Make the payment paid and deliver it; True for the one caller that did.

    Stripe's data is compared with our own row first. A mismatch is kept for staff and delivers nothing.
    `event`, which proves it, is new and is stored in the same transaction, which is its caller's. The caller gets
    the IntegrityError when it is stored already, or another payment has one of the ids.
    """
    if differences := captured.differences(payment):
        _store(payment, event)
        mismatch(payment, differences)
        return False
    won, details, session = False, captured.details(), payment.checkout_session_id
    ids = {name: value for name, value in details.items() if name in sql.IDS}
    with transaction.atomic(savepoint=False) if event else _unless_on_another_payment(payment, **ids):
        # Once paid, it never is unpaid again.
        won = not payment.is_paid and _pay(payment, details, event)
        if not won:
            _store(payment, event)
        # An event without its charge has not all that the mails show: see `payments.settle_by_event`.
        if won and captured.charge_id:
            mails.enqueue(mails.send, payment)
        elif not won and payment.is_paid:
            _complete(payment, captured)
    if payment.checkout_session_id != session and not payment.is_paid:
        return settle(payment, captured)  # meanwhile the visitor was sent to a session: this may be another one
    return won


def _store(payment: Payment, event: WebhookEvent | None) -> None:
    """Store a new event, if there is one, and add it to the history."""
    if event:
        sql.store(event)
        note(payment, Kind.WEBHOOK, event.type)


def _pay(payment: Payment, details: dict[str, str], event: WebhookEvent | None) -> bool:
    """Make the payment paid and deliver it, by the one UPDATE that decides who does.

    False, with the row as it is now, if another caller did: then nothing is written.
    """
    paid_at = timezone.now()
    now = connection.ops.adapt_datetimefield_value(paid_at)
    entries = [*([(Kind.WEBHOOK, event.type)] if event else []), (Kind.PAID, "")]
    delivery = [
        *([sql.event_of_paid(event)] if event else []),
        sql.entries_of_paid([(kind.value, detail) for kind, detail in entries], now),
        sql.thanks_of_paid(now),
        sql.mails_of_paid([kind.value for kind in mails.kinds_for(details.get("email") or payment.email)]),
    ]
    still = [payment.pk.hex, payment.checkout_session_id or "", *(status.value for status in UNPAID)]
    if not sql.pay(payment.pk.hex, [now, *(details.get(name) for name in sql.DETAILS), *still], delivery):
        payment.refresh_from_db()
        return False
    _set(payment, {"status": Status.PAID, "paid_at": paid_at, "failure": "", **details})
    for kind, detail in entries:
        _log(payment, kind, detail)
    return True


@contextmanager
def _unless_on_another_payment(payment: Payment, **ids: str) -> Iterator[None]:
    """Write in one transaction; where another payment has one of these ids, keep that for staff and write nothing."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        other = Payment.objects.exclude(pk=payment.pk).filter(Q(*ids.items(), _connector=Q.OR)).first()
        if other is None:
            raise
        mismatch(payment, f"{', '.join(ids.values())}: already on payment {other.pk}")


def _complete(payment: Payment, captured: Captured) -> None:
    """Fill in ids missing from the first notification; flag a mismatch if this is a second charge."""
    known = (payment.charge_id or captured.charge_id, payment.payment_intent_id or captured.payment_intent_id)
    if known != (captured.charge_id or payment.charge_id, captured.payment_intent_id or payment.payment_intent_id):
        mismatch(payment, f"paid twice: {payment.charge_id} {payment.payment_intent_id}, and {captured.charge_id}")
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
    known = {"email": email} if _fits(email) else {}
    with transaction.atomic(savepoint=False):
        moved = _move(payment, Status.PROCESSING, kind=Kind.PROCESSING, **known)
        if voucher and payment.status == Status.PROCESSING:
            values = {"url": voucher.url, "expires_at": voucher.expires_at, "codes": voucher.codes}
            _voucher, is_new = Voucher.objects.get_or_create(payment=payment, defaults=values)
            if is_new and payment.email:
                mails.queue_voucher(payment)
    return moved


def _fits(email: str) -> bool:
    """Return whether we can keep an address: one that is too long costs the mail, and nothing else."""
    return 0 < len(email) <= Payment._meta.get_field("email").max_length


def fail(payment: Payment, code: str, **still: str) -> bool:
    """Record that Stripe took nothing, and its code for why; `still` names what must be unchanged in our row."""
    return _move(payment, Status.FAILED, kind=Kind.DECLINED, detail=code, still=still, failure=code)


def expire(payment: Payment) -> bool:
    """Record that the order can no longer be paid."""
    return _move(payment, Status.EXPIRED, kind=Kind.EXPIRED)


@dataclass(frozen=True)
class Refunded:
    """What was refunded of a charge: `amount` in all (API's unit), and the status of each refund by its id.

    Read from our rows before Stripe is asked, it says whether they are still the same when the answer is recorded.
    """

    amount: int
    statuses: dict[str, str]

    @classmethod
    def of(cls, payment: Payment) -> Refunded:
        return cls(payment.amount_refunded, dict(payment.refunds.values_list("id", "status")))


def record_refunds(payment: Payment, before: Refunded, amount: int, refunds: Iterable[stripe.Refund]) -> bool:
    """Record what Stripe has refunded in all (`amount`, API's unit), and the status of each refund.

    A refund can fail later, so "more is newer" does not hold: False when our rows are no longer what they were
    `before` Stripe was asked, which must then be asked again.
    """
    changed = [each for each in refunds if each.status and each.status != before.statuses.get(each.id)]
    if not payment.is_paid or (amount == before.amount and not changed):
        return True
    if (most := max([amount, *(each.amount for each in changed)])) > payment.amount:
        mismatch(payment, f"refunded: {most} of {payment.amount}")
        return True
    with transaction.atomic():
        # The lock makes concurrent recordings of this payment's refunds wait for each other.
        locked = Payment.objects.select_for_update().get(pk=payment.pk)
        still_so = Refunded.of(locked) == before
        if still_so:
            _record_refunds(locked, before, amount, changed)
    payment.refresh_from_db()
    return still_so


def _record_refunds(payment: Payment, before: Refunded, amount: int, changed: list[stripe.Refund]) -> None:
    # What an earlier version recorded, as a sum without its refunds, is in the history already.
    known = payment.refunds.exclude(status__in=Refund.UNDONE).aggregate(sum=Sum("amount", default=0))["sum"]
    without_row = before.amount - known
    undone = 0
    for one in changed:
        is_new = one.id not in before.statuses
        values = {"payment": payment, "amount": one.amount, "status": one.status}
        refund, _created = Refund.objects.update_or_create(
            pk=one.id, defaults=values | {"failure_reason": one.failure_reason or ""}
        )
        undone += refund.is_undone
        if is_new and not refund.is_undone and refund.amount <= without_row:
            without_row -= refund.amount
            continue
        note(payment, REFUND_KINDS.get(refund.status, Kind.REFUNDED), f"{refund.amount} {payment.currency}")
        if refund.status == Refund.Status.FAILED:
            mails.queue_refund_failed(refund)
            mails.enqueue(mails.send, payment)
    to = payment.status
    if to not in (Status.DISPUTED, Status.LOST) and not (to == Status.INQUIRY and amount < payment.amount):
        to = _status_of_refunds(payment, amount)
    # After a failed refund, the same amount needs a new idempotency key: Stripe repeats its response to the old one.
    _move(payment, to, [payment.status], amount_refunded=amount, attempt=payment.attempt + undone)


def record_dispute(payment: Payment, stripes_status: str, reason: str | None) -> bool:
    """Record what the newest dispute of a payment has come to, by Stripe's status of it.

    False when our row is no longer what it was before Stripe was asked, which must then be asked again.
    """
    after_refunds = _status_of_refunds(payment, payment.amount_refunded)
    if stripes_status in INQUIRIES:
        # Once all was given back, nothing more is asked for.
        to = Status.REFUNDED if after_refunds == Status.REFUNDED else Status.INQUIRY
        kind, detail, come_from = Kind.INQUIRY, reason or "", MOVES[Status.INQUIRY]
    elif stripes_status in CLOSED:
        to, come_from = after_refunds, [*CONTESTED, Status.LOST]
        is_inquiry = stripes_status == "warning_closed"
        kind, detail = (Kind.INQUIRY_CLOSED, "") if is_inquiry else (Kind.DISPUTE_CLOSED, stripes_status)
    elif stripes_status in GIVEN_UP:
        to, kind, detail, come_from = Status.LOST, Kind.DISPUTE_CLOSED, "lost", MOVES[Status.LOST]
    else:
        to, kind, detail, come_from = Status.DISPUTED, Kind.DISPUTED, reason or "", MOVES[Status.DISPUTED]
    if payment.status == to:
        note_once(payment, kind, detail)  # it was opened and closed before we were notified of it
    elif payment.status in come_from:
        return _move(
            payment, to, [payment.status], kind=kind, detail=detail, still={"amount_refunded": payment.amount_refunded}
        )
    return True


def _status_of_refunds(payment: Payment, amount_refunded: int) -> Payment.Status:
    if amount_refunded == 0:
        return Status.PAID
    return Status.REFUNDED if amount_refunded == payment.amount else Status.PARTIALLY_REFUNDED


def _move(
    payment: Payment,
    to: Payment.Status,
    come_from: list[Payment.Status] | None = None,
    *,
    kind: HistoryEntry.Kind | None = None,
    detail: str = "",
    still: dict[str, object] | None = None,
    **values: object,
) -> bool:
    """Make one move in one conditional UPDATE, with its history; False when the payment was not where it starts."""
    with transaction.atomic(savepoint=False):
        here = Payment.objects.filter(pk=payment.pk, status__in=come_from or MOVES[to], **(still or {}))
        moved = bool(here.update(status=to, **values))
        if moved and kind:
            note(payment, kind, detail)
    if moved:
        _set(payment, {"status": to, **values})
        return True
    payment.refresh_from_db()
    # A decline of an earlier attempt is late, and no contradiction: `still` does not hold any more.
    holds = all(getattr(payment, name) == value for name, value in (still or {}).items())
    if payment.is_paid and to in UNPAID and to != Status.PROCESSING and holds:
        mismatch(payment, f"ours {payment.status}, Stripe's {to}")
    return False


def _set(payment: Payment, values: dict[str, object]) -> None:
    """Let our copy of the row have what was just written."""
    for name, value in values.items():
        setattr(payment, name, value)
