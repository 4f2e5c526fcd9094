"""Modern: our server creates a Checkout Session and redirects the visitor to it; Stripe notifies us by webhook.

Who sees the card     Stripe's hosted page, after a redirect
Who confirms first    Stripe: `checkout.session.completed` notifies us, and the visitor may never return
If the tab closes     after the payment the webhook still comes
What can go wrong     a decline is shown and tried again on Stripe's page; we only hear of it

This is today's form: a redirect to `session.url`, without Stripe.js and without a publishable key.
"""

from __future__ import annotations

import datetime
from contextlib import suppress

import stripe
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bbs.models import Payment, Voucher
from bbs.payments import ledger, opening
from bbs.payments.captured import Captured
from bbs.payments.client import stripe_client
from bbs.payments.order import Order
from bbs.payments.references import metadata_of, reference_in, refund_key


def button(order: Order) -> dict[str, object]:
    """Return what the pay button needs: our page has no code from Stripe."""
    return {}


def checkout(request: HttpRequest, order: Order) -> HttpResponse:
    """Make the Checkout Session, then send the visitor to Stripe's page.

    Raises OrderRefused, and stripe.StripeError when there is no session: nothing is charged before Stripe's page.
    """
    payment = opening.open_payment(request, order)
    if payment.status != Payment.Status.PENDING:
        return HttpResponseRedirect(payment.get_absolute_url(), status=303)
    session = None if payment.checkout_session_id else _create(payment)
    if session is None or not ledger.record_session(payment, session.id):
        session = confirm(payment)  # another request already created a session: use that one
        if session and session.url and order.outdated:
            session = _withdraw(payment, order)
    if session and session.url:
        return HttpResponseRedirect(session.url, status=303)
    # A session that was paid or has expired meanwhile has no page any more.
    return HttpResponseRedirect(payment.get_absolute_url(), status=303)


def confirm(payment: Payment) -> stripe.checkout.Session | None:
    """Fetch the payment's state from Stripe, and settle it. Returns the session, or None while there is none."""
    if not payment.checkout_session_id:
        return None
    try:
        session = _retrieve(payment.checkout_session_id)
    except stripe.InvalidRequestError as error:
        if error.code != "resource_missing" or payment.is_paid:
            raise
        # Another account's key, or a sandbox that was cleared: it can no longer be paid here.
        ledger.expire(payment)
        return None
    _record(payment, session)
    return session


def refund(payment: Payment, amount: int, reason: str) -> stripe.Refund:
    """Give back `amount` (API's unit). Raises stripe.InvalidRequestError for more than is left."""
    return stripe_client().v1.refunds.create(
        params={
            "payment_intent": payment.payment_intent_id,
            "amount": amount,
            "reason": reason,
            "metadata": metadata_of(payment.reference),
        },
        options={"idempotency_key": refund_key(payment, amount)},
    )


def captured(session: stripe.checkout.Session) -> Captured | None:
    """Return what a session captured, or None while it is not paid."""
    if session.payment_status != "paid":
        return None
    intent = session.payment_intent
    # An event carries the PaymentIntent's id alone; the charge and its card are recorded once Stripe is asked.
    charge = getattr(intent, "latest_charge", None)
    method = getattr(charge, "payment_method_details", None)
    card = getattr(method, "card", None)
    return Captured(
        reference=reference_in(session),
        amount=session.amount_total,
        currency=session.currency,
        livemode=session.livemode,
        checkout_session_id=session.id,
        payment_intent_id=getattr(intent, "id", intent),
        charge_id=getattr(charge, "id", charge),
        email=_email(session),
        payment_method=getattr(method, "type", None) or "",
        card_brand=card.brand if card else "",
        card_last4=card.last4 if card else "",
    )


def _session_changed(payment: Payment, session: stripe.checkout.Session) -> None:
    """Read the session again: events come late, twice and out of order."""
    if not payment.checkout_session_id:
        ledger.record_session(payment, session.id)
    if session.id == payment.checkout_session_id:
        confirm(payment)
    elif paid := captured(_retrieve(session.id)):
        ledger.settle(payment, paid)  # no visitor was redirected to it: this is kept for staff


def _payment_failed(payment: Payment, intent: stripe.PaymentIntent) -> None:
    """Record a failed try on Stripe's page, where the visitor may try again; a voucher's end is the session's."""
    error = getattr(intent, "last_payment_error", None)
    reason = getattr(error, "decline_code", None) or getattr(error, "code", None) or "card_declined"
    # The charge distinguishes two declines for the same reason; without one, the bank was not even asked.
    charge = getattr(intent, "latest_charge", None) or ""
    if payment.status == Payment.Status.PENDING:
        ledger.note_once(payment, ledger.Kind.DECLINED, f"{reason} {charge}".strip())


PAID_EVENTS = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
]
EVENTS = {
    "checkout.session.completed": _session_changed,
    "checkout.session.async_payment_succeeded": _session_changed,
    "checkout.session.async_payment_failed": _session_changed,
    "checkout.session.expired": _session_changed,
    "payment_intent.payment_failed": _payment_failed,
}


def _create(payment: Payment) -> stripe.checkout.Session:
    metadata = metadata_of(payment.reference)
    # The braces are Stripe's to replace, so they must not be quoted here.
    success_url = f"{payment.origin}{reverse('bbs:success')}?session_id={{CHECKOUT_SESSION_ID}}"
    cancel_url = f"{payment.origin}{reverse('bbs:canceled')}?payment={payment.reference}"
    try:
        return stripe_client().v1.checkout.sessions.create(
            params={
                "mode": "payment",
                "line_items": [
                    {
                        "quantity": payment.quantity,
                        "price_data": {
                            "currency": payment.currency,
                            "unit_amount": payment.unit_amount,
                            "product_data": {"name": payment.product_name},
                        },
                    }
                ],
                "client_reference_id": str(payment.reference),
                "metadata": metadata,
                # A session's metadata is not copied to what it pays with.
                "payment_intent_data": {"description": payment.description, "metadata": metadata},
                "locale": payment.language,
                "success_url": success_url,
                "cancel_url": cancel_url,
            },
            options={"idempotency_key": f"{payment.reference}:{payment.attempt}:session"},
        )
    except (stripe.APIError, stripe.IdempotencyError) as error:
        # A key that was used by an older version of this code, with other parameters, is answered by a 400.
        if error.http_status >= 500 or isinstance(error, stripe.IdempotencyError):
            ledger.renew_idempotency_key(payment)
        raise


def _withdraw(payment: Payment, order: Order) -> stripe.checkout.Session | None:
    """End a session whose terms are outdated. Raises OrderRefused, unless it was paid before Stripe could end it."""
    with suppress(stripe.InvalidRequestError):  # it is not open any more
        stripe_client().v1.checkout.sessions.expire(payment.checkout_session_id)
    session = confirm(payment)
    if payment.status == Payment.Status.EXPIRED:
        order.refuse_if_outdated()
    return session


def _retrieve(session_id: str) -> stripe.checkout.Session:
    return stripe_client().v1.checkout.sessions.retrieve(
        session_id, params={"expand": ["payment_intent.latest_charge"]}
    )


def _record(payment: Payment, session: stripe.checkout.Session) -> None:
    if paid := captured(session):
        ledger.settle(payment, paid)
    elif session.status == "expired":
        ledger.expire(payment)
    elif session.status == "complete" and getattr(session.payment_intent, "status", "") == "requires_payment_method":
        error = session.payment_intent.last_payment_error
        ledger.fail(payment, (error and error.code) or "not_paid")
    elif session.status == "complete":
        ledger.mark_processing(payment, _voucher(session), _email(session))


def _voucher(session: stripe.checkout.Session) -> Voucher | None:
    """Return what the customer pays with at a convenience store, not stored yet; None for any other way to pay."""
    action = getattr(session.payment_intent, "next_action", None)
    details = getattr(action, "konbini_display_details", None)
    if details is None:
        return None
    codes = {name: store for name, store in details.stores.to_dict().items() if store}
    expires_at = datetime.datetime.fromtimestamp(details.expires_at, datetime.UTC)
    return Voucher(url=details.hosted_voucher_url or "", expires_at=expires_at, codes=codes)


def _email(session: stripe.checkout.Session) -> str:
    return getattr(session.customer_details, "email", None) or ""
