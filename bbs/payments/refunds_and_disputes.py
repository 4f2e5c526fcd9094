"""Refunds and disputes after a payment. They are the same in both flows: each ends in a Charge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import stripe
from django.db import transaction
from django.db.models import Sum

from bbs import mails
from bbs.models import Payment, Refund
from bbs.payments import history, ledger
from bbs.payments.client import stripe_client
from bbs.payments.history import Kind
from bbs.payments.ledger import Status
from bbs.payments.references import expanded, id_in, known

# What the bank still decides about.
CONTESTED = [Status.INQUIRY, Status.DISPUTED]
# An inquiry takes no money: https://docs.stripe.com/disputes/how-disputes-work#inquiries
INQUIRIES = ("warning_needs_response", "warning_under_review")
# Over, and the money is ours.
CLOSED = ("warning_closed", "prevented", "won")
# What is lost may be appealed against, and stays lost until that is won.
GIVEN_UP = ("lost", "appeal_needs_response", "appeal_under_review")
REFUND_KINDS: dict[str, Kind] = {
    Refund.Status.PENDING: Kind.REFUND_PENDING,
    Refund.Status.REQUIRES_ACTION: Kind.REFUND_ACTION,
    Refund.Status.FAILED: Kind.REFUND_FAILED,
    Refund.Status.CANCELED: Kind.REFUND_CANCELED,
}

READS = 5


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
        history.mismatch(payment, f"refunded: {most} of {payment.amount}")
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
        history.note(payment, REFUND_KINDS.get(refund.status, Kind.REFUNDED), f"{refund.amount} {payment.currency}")
        if refund.status == Refund.Status.FAILED:
            mails.queue_refund_failed(refund)
            mails.enqueue(mails.send, payment.pk)
    to = Status(payment.status)
    if to not in (Status.DISPUTED, Status.LOST) and not (to == Status.INQUIRY and amount < payment.amount):
        to = _status_of_refunds(payment, amount)
    # After a failed refund, the same amount needs a new idempotency key: Stripe repeats its response to the old one.
    changes = ledger.Fields(amount_refunded=amount, attempt=payment.attempt + undone)
    ledger.move(payment, to, changes, come_from=[payment.status])


def record_dispute(payment: Payment, stripes_status: str, reason: str | None) -> bool:
    """Record what the newest dispute of a payment has come to, by Stripe's status of it.

    False when our row is no longer what it was before Stripe was asked, which must then be asked again.
    """
    after_refunds = _status_of_refunds(payment, payment.amount_refunded)
    if stripes_status in INQUIRIES:
        # Once all was given back, nothing more is asked for.
        to = Status.REFUNDED if after_refunds == Status.REFUNDED else Status.INQUIRY
        kind, detail, come_from = Kind.INQUIRY, reason or "", ledger.MOVES[Status.INQUIRY]
    elif stripes_status in CLOSED:
        to, come_from = after_refunds, [*CONTESTED, Status.LOST]
        is_inquiry = stripes_status == "warning_closed"
        kind, detail = (Kind.INQUIRY_CLOSED, "") if is_inquiry else (Kind.DISPUTE_CLOSED, stripes_status)
    elif stripes_status in GIVEN_UP:
        to, kind, detail, come_from = Status.LOST, Kind.DISPUTE_CLOSED, "lost", ledger.MOVES[Status.LOST]
    else:
        to, kind, detail, come_from = Status.DISPUTED, Kind.DISPUTED, reason or "", ledger.MOVES[Status.DISPUTED]
    if payment.status == to:
        history.note_once(payment, kind, detail)  # it was opened and closed before we were notified of it
    elif payment.status in come_from:
        unchanged = ledger.Fields(amount_refunded=payment.amount_refunded)
        return ledger.move(payment, to, come_from=[payment.status], unchanged=unchanged, kind=kind, detail=detail)
    return True


def _status_of_refunds(payment: Payment, amount_refunded: int) -> Payment.Status:
    if amount_refunded == 0:
        return Status.PAID
    return Status.REFUNDED if amount_refunded == payment.amount else Status.PARTIALLY_REFUNDED


def has_unrecorded_changes(payment: Payment, found: stripe.Charge | stripe.checkout.Session | None) -> bool:
    """Return whether Stripe may show a refund or dispute that we have not recorded. Usually False."""
    charge = _charge_in(found)
    if payment.status in CONTESTED or charge is None or getattr(charge, "disputed", None) is not False:
        return True  # also where the response does not say
    return charge.amount_refunded != payment.amount_refunded or payment.amount_refund_open > 0


def _charge_in(found: stripe.Charge | stripe.checkout.Session | None) -> stripe.Charge | None:
    if not isinstance(found, stripe.checkout.Session):
        return found
    intent = expanded(found.payment_intent)
    return expanded(intent.latest_charge) if intent else None


def follow(payment: Payment, charge_id: str) -> None:
    """Record the refunds and disputes of this charge."""
    charge = _follow_refunds(payment, charge_id)
    if charge.disputed or payment.status in CONTESTED:
        _follow_dispute(payment, charge_id)


def _follow_refunds(payment: Payment, charge_id: str) -> stripe.Charge:
    for _attempt in range(READS):
        before = Refunded.of(payment)
        charge = stripe_client().v1.charges.retrieve(charge_id, params={"expand": ["refunds"]})
        newest = charge.refunds
        if newest is None or newest.has_more:
            newest = stripe_client().v1.refunds.list(params={"charge": charge_id, "limit": 100})
        newest_first = list(newest.auto_paging_iter() if newest.has_more else newest.data)
        if record_refunds(payment, before, charge.amount_refunded, newest_first[::-1]):
            break
    return charge


def _follow_dispute(payment: Payment, charge_id: str) -> None:
    for _attempt in range(READS):
        newest = stripe_client().v1.disputes.list(params={"charge": charge_id, "limit": 1}).data
        if not newest or record_dispute(payment, newest[0].status, newest[0].reason):
            break


def _refund_changed(payment: Payment, changed: stripe.Charge | stripe.Refund) -> None:
    charge_id = changed.id if changed.object == "charge" else id_in(changed.charge)
    if charge_id is not None and charge_id == payment.charge_id:
        follow(payment, charge_id)
    else:
        history.mismatch(payment, f"refund of {charge_id}, and not of our {payment.charge_id}")


def _dispute_changed(payment: Payment, dispute: stripe.Dispute) -> None:
    """Read the disputes again: the event of its opening may arrive after that of its closing."""
    _follow_dispute(payment, known(id_in(dispute.charge) or payment.charge_id))


EVENTS: dict[str, ledger.Handler] = {
    "charge.refunded": _refund_changed,
    "refund.created": _refund_changed,
    "refund.updated": _refund_changed,
    "refund.failed": _refund_changed,
    "charge.dispute.created": _dispute_changed,
    "charge.dispute.updated": _dispute_changed,
    "charge.dispute.closed": _dispute_changed,
}
