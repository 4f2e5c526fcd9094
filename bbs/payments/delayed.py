"""Money that arrives after the visitor has left Stripe's page, as from a convenience store."""

from __future__ import annotations

from datetime import UTC, datetime

import stripe

from bbs.models import Payment, Voucher
from bbs.payments import ledger
from bbs.payments.references import email_in, expanded


def record_unpaid(payment: Payment, session: stripe.checkout.Session) -> None:
    """Record a session that is complete and not paid: the money is under way, or did not come in time."""
    intent = expanded(session.payment_intent)
    if intent and intent.status == "requires_payment_method":
        error = intent.last_payment_error
        ledger.fail(payment, (error and error.code) or "not_paid")
    else:
        ledger.mark_processing(payment, voucher_in(session), email_in(session))


def voucher_in(session: stripe.checkout.Session) -> Voucher | None:
    """Return what the customer pays with at a convenience store, not stored yet; None for any other way to pay."""
    intent = expanded(session.payment_intent)
    details = intent and intent.next_action and intent.next_action.konbini_display_details
    if not details:
        return None
    codes = {name: store for name, store in details.stores.to_dict().items() if store}
    expires_at = datetime.fromtimestamp(details.expires_at, UTC)
    return Voucher(url=details.hosted_voucher_url or "", expires_at=expires_at, codes=codes)
