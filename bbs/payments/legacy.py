"""Legacy: checkout.js makes a token of the card, the form posts it, and our server charges it.

Who sees the card     checkout.js, in a dialog over our page
Who confirms first    our server: the response to `Charge.create` is paid
If the tab closes     after the charge no visitor returns, but `charge.succeeded` still notifies us
What can go wrong     a decline comes back to us, the token is spent, and the card must be entered again

stripe-python 16 says of `Charge.create`: "deprecated and will be removed soon". New accounts refuse card tokens unless
their owner enables them, and on Japanese accounts credit card charges fail since 30 June 2025.
"""

from __future__ import annotations

import stripe
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language

from bbs import mails
from bbs.models import Payment
from bbs.payments import declines, ledger, opening, recovery
from bbs.payments.captured import Captured
from bbs.payments.card_form import CardForm
from bbs.payments.order import Order
from bbs.payments.references import RefundReason, find_charge, known, metadata_of, refund_key, token_in


def button(order: Order) -> dict[str, object]:
    """Return what the pay button needs: checkout.js reads it all from its script tag. The amount is only shown."""
    return {
        "src": settings.STRIPE_CHECKOUT_JS,
        "key": settings.STRIPE_PUBLISHABLE_KEY,
        "amount": order.amount,
        "currency": order.currency,
        "name": order.product.name,
        "description": order.product.description,
        "locale": get_language(),
    }


def checkout(request: HttpRequest, order: Order) -> HttpResponse:
    """Charge the token that checkout.js put into the form, then show the receipt.

    Raises OrderRefused without a token, and stripe.StripeError when the outcome of the charge is unknown.
    """
    card = CardForm.read(request.POST)
    payment = opening.open_payment(request, order)
    if opening.begin_attempt(payment, card.token, card.email):
        _charge(payment)
    elif payment.status == Payment.Status.PENDING and not confirm(payment):
        # An earlier attempt without a response: the retry has the same idempotency key, so it cannot charge twice.
        _charge(payment)
    return HttpResponseRedirect(payment.get_absolute_url(), status=303)


def confirm(payment: Payment) -> stripe.Charge | None:
    """Fetch the payment's state from Stripe, and settle it. Returns the charge, or None while there is none."""
    charge = stripe.Charge.retrieve(payment.charge_id) if payment.charge_id else find_charge(payment)
    if charge:
        _record(payment, charge)
    return charge


def refund(payment: Payment, amount: int, reason: RefundReason) -> stripe.Refund:
    """Give back `amount` (API's unit). Raises stripe.InvalidRequestError for more than is left."""
    return stripe.Refund.create(
        charge=known(payment.charge_id),
        amount=amount,
        reason=reason,
        metadata=metadata_of(payment),
        idempotency_key=refund_key(payment, amount),
    )


def captured(charge: stripe.Charge) -> Captured | None:
    """Return what a charge captured, or None while it is not paid."""
    if not charge.paid:
        return None
    return Captured.of(charge, amount=charge.amount_captured, email=charge.receipt_email or "", charge=charge)


def _charge_changed(payment: Payment, charge: stripe.Charge) -> None:
    """Read the charge again: events come late, twice and out of order."""
    _record(payment, stripe.Charge.retrieve(charge.id))


PAID_EVENTS = [
    "charge.succeeded",
]
EVENTS: dict[str, ledger.Handler] = {
    "charge.succeeded": _charge_changed,
    "charge.failed": _charge_changed,
}


def _charge(payment: Payment) -> None:
    """Charge the card of the payment's token, and record the outcome."""
    token = payment.token
    try:
        with recovery.new_key_after_failure(payment):
            charge = stripe.Charge.create(
                amount=payment.amount,
                currency=payment.currency,
                source=token,
                description=payment.description,
                metadata=metadata_of(payment) | {"token": token},
                receipt_email=payment.email or None,  # type: ignore[arg-type]  # the SDK leaves None out
                idempotency_key=f"{payment.reference}:{payment.attempt}:{token}",
            )
    except stripe.CardError as error:
        _fail(payment, declines.code_of(error), token)
    except stripe.InvalidRequestError as error:
        if error.param == "receipt_email" and payment.email:
            recovery.forget_email(payment)
            _charge(payment)
            return
        # This call created no charge, but an earlier one may have spent the token on this very payment.
        confirm(payment)
        if not payment.is_paid:
            _fail(payment, declines.code_of(error), token)
    else:
        _record(payment, charge)


def _record(payment: Payment, charge: stripe.Charge) -> None:
    """Record a charge: paid, or failed."""
    if paid := captured(charge):
        ledger.settle(payment, paid)
    elif charge.status == "failed":
        # Only the attempt that is open now: an older decline may arrive after a newer token.
        _fail(payment, declines.code_in(charge), token_in(charge))


def _fail(payment: Payment, code: str, token: str) -> None:
    """Record a decline; the staff are notified, once, of what may refuse every order of this flow."""
    if ledger.fail(payment, code, token=token) and declines.needs_modern(code):
        mails.queue_legacy_refused(payment, has_ended=code == declines.CARD_TOKENS_ENDED)
