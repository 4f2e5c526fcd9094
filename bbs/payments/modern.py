"""Modern: our server creates a Checkout Session and redirects the visitor to it; Stripe notifies us by webhook.

Who sees the card     Stripe's hosted page, after a redirect
Who confirms first    Stripe: `checkout.session.completed` notifies us, and the visitor may never return
If the tab closes     after the payment the webhook still comes
What can go wrong     a decline is shown and tried again on Stripe's page; we only hear of it

This is today's form: a redirect to `session.url`, without Stripe.js and without a publishable key.
"""

from __future__ import annotations

from contextlib import suppress

import stripe
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bbs.models import Payment
from bbs.payments import declines, delayed, history, ledger, opening, recovery
from bbs.payments.captured import Captured
from bbs.payments.client import stripe_client
from bbs.payments.order import Order
from bbs.payments.references import RefundReason, email_in, known, metadata_of, refund_key


def button(order: Order) -> dict[str, object]:
    """Return what the pay button needs: our page has no code from Stripe."""
    return {}


def checkout(request: HttpRequest, order: Order) -> HttpResponse:
    """Create the Checkout Session, then redirect the visitor to Stripe's page.

    Raises OrderRefused, and stripe.StripeError when there is no session: nothing is charged before Stripe's page.
    """
    payment = opening.open_payment(request, order)
    session = None
    if payment.status == Payment.Status.PENDING:
        session = _reopen(payment, order) if payment.checkout_session_id else _create(payment)
    if session and session.url:
        return HttpResponseRedirect(session.url, status=303)
    # A session that was paid or has expired meanwhile has no page any more.
    return HttpResponseRedirect(payment.get_absolute_url(), status=303)


def confirm(payment: Payment) -> stripe.checkout.Session | None:
    """Fetch the payment's state from Stripe, and settle it. Returns the session, or None while there is none."""
    session = None
    if payment.checkout_session_id:
        with recovery.expired_if_missing(payment):
            session = _retrieve(payment.checkout_session_id)
            _record(payment, session)
    return session


def refund(payment: Payment, amount: int, reason: RefundReason) -> stripe.Refund:
    """Give back `amount` (API's unit). Raises stripe.InvalidRequestError for more than is left."""
    return stripe_client().v1.refunds.create(
        params={
            "payment_intent": known(payment.payment_intent_id),
            "amount": amount,
            "reason": reason,
            "metadata": metadata_of(payment),
        },
        options={"idempotency_key": refund_key(payment, amount)},
    )


def captured(session: stripe.checkout.Session) -> Captured | None:
    """Return what a session captured, or None while it is not paid."""
    if session.payment_status != "paid":
        return None
    return Captured.of(session, amount=session.amount_total, email=email_in(session), intent=session.payment_intent)


def _session_changed(payment: Payment, session: stripe.checkout.Session) -> None:
    """Read the session again: events come late, twice and out of order."""
    if ledger.record_session(payment, session.id):
        confirm(payment)
    elif paid := captured(_retrieve(session.id)):
        ledger.settle(payment, paid)  # no visitor was redirected to it: this is kept for staff


def _payment_failed(payment: Payment, intent: stripe.PaymentIntent) -> None:
    """Record a failed try on Stripe's page, where the visitor may try again; a voucher's end is the session's."""
    if payment.status == Payment.Status.PENDING:
        history.note_once(payment, history.Kind.DECLINED, declines.attempt_in(intent))


PAID_EVENTS = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
]
EVENTS: dict[str, ledger.Handler] = {
    "checkout.session.completed": _session_changed,
    "checkout.session.async_payment_succeeded": _session_changed,
    "checkout.session.async_payment_failed": _session_changed,
    "checkout.session.expired": _session_changed,
    "payment_intent.payment_failed": _payment_failed,
}


def _create(payment: Payment) -> stripe.checkout.Session | None:
    """Create the payment's session; where another request was quicker, return the one that it created."""
    price: stripe.params.checkout.SessionCreateParamsLineItemPriceData = {
        "currency": payment.currency,
        "unit_amount": payment.unit_amount,
        "product_data": {"name": payment.product_name},
    }
    with recovery.new_key_after_failure(payment):
        session = stripe_client().v1.checkout.sessions.create(
            params={
                "mode": "payment",
                "line_items": [{"price_data": price, "quantity": payment.quantity}],
                "client_reference_id": str(payment.reference),
                "metadata": metadata_of(payment),
                # A session's metadata is not copied to what it pays with.
                "payment_intent_data": {"description": payment.description, "metadata": metadata_of(payment)},
                "locale": payment.language,
                # The braces are Stripe's to replace, so they must not be quoted here.
                "success_url": f"{payment.origin}{reverse('bbs:success')}?session_id={{CHECKOUT_SESSION_ID}}",
                "cancel_url": f"{payment.origin}{reverse('bbs:canceled')}?payment={payment.reference}",
            },
            options={"idempotency_key": f"{payment.reference}:{payment.attempt}:session"},
        )
    return session if ledger.record_session(payment, session.id) else confirm(payment)


def _reopen(payment: Payment, order: Order) -> stripe.checkout.Session | None:
    """Return the payment's session again; one whose terms are outdated is ended first.

    Raises OrderRefused then, unless it was paid before Stripe could end it.
    """
    session = confirm(payment)
    if session and session.url and order.outdated:
        with suppress(stripe.InvalidRequestError):  # it is not open any more
            stripe_client().v1.checkout.sessions.expire(session.id)
        session = confirm(payment)
        if payment.status == Payment.Status.EXPIRED:
            order.refuse_if_outdated()
    return session


def _retrieve(session_id: str) -> stripe.checkout.Session:
    """Fetch a session with the charge it ended in."""
    return stripe_client().v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent.latest_charge"]})


def _record(payment: Payment, session: stripe.checkout.Session) -> None:
    """Record a session: paid, expired, or complete and waiting for its money."""
    if paid := captured(session):
        ledger.settle(payment, paid)
    elif session.status == "expired":
        ledger.expire(payment)
    elif session.status == "complete":
        delayed.record_unpaid(payment, session)
