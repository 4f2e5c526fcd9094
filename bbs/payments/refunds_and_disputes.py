"""What becomes of the money after it was taken. It is the same in both flows: each ends in a Charge."""

from __future__ import annotations

import stripe

from bbs.models import Flow, Payment
from bbs.payments import ledger
from bbs.payments.client import stripe_client


def is_news(payment: Payment, found: stripe.Charge | stripe.checkout.Session | None) -> bool:
    """Return whether something became of the money that our books do not have: mostly not, which spares a call."""
    if payment.flow == Flow.MODERN:
        found = getattr(getattr(found, "payment_intent", None), "latest_charge", None)
    return not hasattr(found, "amount_refunded") or found.disputed or found.amount_refunded != payment.amount_refunded


def follow(payment: Payment, charge_id: str) -> None:
    """Bring our books to what became of this charge: what was given back of it, and whether a bank disputes it."""
    charge = None

    def amount_refunded() -> int:
        nonlocal charge
        charge = stripe_client().v1.charges.retrieve(charge_id)
        return charge.amount_refunded

    ledger.follow_refunds(payment, amount_refunded)
    if charge.disputed:
        for dispute in stripe_client().v1.disputes.list(params={"charge": charge_id, "limit": 1}):
            _record(payment, dispute)


def _refund_changed(payment: Payment, changed: stripe.Charge | stripe.Refund) -> None:
    charge_id = changed.id if changed.object == "charge" else changed.charge
    if charge_id == payment.charge_id:
        follow(payment, charge_id)
    else:
        ledger.mismatch(payment, f"refund of {charge_id}, and not of our {payment.charge_id}")


def _dispute_changed(payment: Payment, dispute: stripe.Dispute) -> None:
    """Read the dispute again: that it was opened may be told after how it was closed."""
    _record(payment, stripe_client().v1.disputes.retrieve(dispute.id))


EVENTS = {
    "charge.refunded": _refund_changed,
    "refund.updated": _refund_changed,
    "refund.failed": _refund_changed,
    "charge.dispute.created": _dispute_changed,
    "charge.dispute.closed": _dispute_changed,
}


def _record(payment: Payment, dispute: stripe.Dispute) -> None:
    if dispute.status in ("won", "warning_closed", "prevented"):
        if not ledger.close_dispute(payment, won=True):
            ledger.note_once(payment, ledger.Kind.DISPUTE_CLOSED, "won")  # before we heard that it was opened
    elif dispute.status == "lost":
        ledger.close_dispute(payment, won=False)
    else:
        ledger.dispute(payment, dispute.reason)
