"""Refunds and disputes after a payment. They are the same in both flows: each ends in a Charge."""

from __future__ import annotations

import stripe

from bbs.models import Flow, Payment
from bbs.payments import ledger
from bbs.payments.client import stripe_client
from bbs.payments.ledger import Refunded

READS = 5


def has_unrecorded_changes(payment: Payment, found: stripe.Charge | stripe.checkout.Session | None) -> bool:
    """Return whether Stripe may show a refund or dispute that we have not recorded. Usually False."""
    if payment.flow == Flow.MODERN:
        found = getattr(getattr(found, "payment_intent", None), "latest_charge", None)
    if payment.status in ledger.CONTESTED or not hasattr(found, "amount_refunded") or found.disputed:
        return True
    return found.amount_refunded != payment.amount_refunded or payment.amount_refund_open > 0


def follow(payment: Payment, charge_id: str) -> None:
    """Record the refunds and disputes of this charge."""
    charge = _follow_refunds(payment, charge_id)
    if charge.disputed or payment.status in ledger.CONTESTED:
        _follow_dispute(payment, charge_id)


def _follow_refunds(payment: Payment, charge_id: str) -> stripe.Charge:
    for _attempt in range(READS):
        before = Refunded.of(payment)
        charge = stripe_client().v1.charges.retrieve(charge_id, params={"expand": ["refunds"]})
        newest = charge.refunds
        if newest is None or newest.has_more:
            newest = stripe_client().v1.refunds.list(params={"charge": charge_id, "limit": 100})
        newest_first = list(newest.auto_paging_iter() if newest.has_more else newest.data)
        if ledger.record_refunds(payment, before, charge.amount_refunded, newest_first[::-1]):
            break
    return charge


def _follow_dispute(payment: Payment, charge_id: str) -> None:
    for _attempt in range(READS):
        newest = stripe_client().v1.disputes.list(params={"charge": charge_id, "limit": 1}).data
        if not newest or ledger.record_dispute(payment, newest[0].status, newest[0].reason):
            break


def _refund_changed(payment: Payment, changed: stripe.Charge | stripe.Refund) -> None:
    charge_id = changed.id if changed.object == "charge" else changed.charge
    if charge_id == payment.charge_id:
        follow(payment, charge_id)
    else:
        ledger.mismatch(payment, f"refund of {charge_id}, and not of our {payment.charge_id}")


def _dispute_changed(payment: Payment, dispute: stripe.Dispute) -> None:
    """Read the disputes again: the event of its opening may arrive after that of its closing."""
    _follow_dispute(payment, dispute.charge or payment.charge_id)


EVENTS = {
    "charge.refunded": _refund_changed,
    "refund.created": _refund_changed,
    "refund.updated": _refund_changed,
    "refund.failed": _refund_changed,
    "charge.dispute.created": _dispute_changed,
    "charge.dispute.updated": _dispute_changed,
    "charge.dispute.closed": _dispute_changed,
}
