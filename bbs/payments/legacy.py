"""Legacy: checkout.js makes a token of the card, the form posts it, and our server charges it.

Who sees the card     checkout.js, in a dialog over our page
Who confirms first    our server: the response to `Charge.create` is paid
If the tab closes     after the charge no visitor returns, but `charge.succeeded` still notifies us
What can go wrong     a decline comes back to us, the token is spent, and the card must be entered again

stripe-python 16 says of `Charge.create`: "deprecated and will be removed soon". New accounts refuse card tokens unless
their owner enables them, and on Japanese accounts credit card charges fail since 30 June 2025.
"""

from __future__ import annotations

import datetime
import re

import stripe
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bbs import mails
from bbs.models import Payment
from bbs.payments import ledger, opening
from bbs.payments.captured import Captured
from bbs.payments.declines import CARD_TOKENS_ENDED, code_of, needs_modern
from bbs.payments.order import Order, OrderRefused
from bbs.payments.references import metadata_of, reference_in, refund_key


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
    token = request.POST.get("stripeToken", "")
    if not re.fullmatch(r"tok_[\w-]{1,200}", token[:255], re.ASCII):
        raise OrderRefused(_("No card was entered. Nothing was charged."))
    payment = opening.open_payment(request, order)
    if opening.begin_attempt(payment, token, _email(request)):
        _charge(payment)
    elif payment.status == Payment.Status.PENDING and not confirm(payment):
        # An earlier attempt without a response: the retry has the same idempotency key, so it cannot charge twice.
        _charge(payment)
    return HttpResponseRedirect(payment.get_absolute_url(), status=303)


def confirm(payment: Payment) -> stripe.Charge | None:
    """Fetch the payment's state from Stripe, and settle it. Returns the charge, or None while there is none."""
    charge = stripe.Charge.retrieve(payment.charge_id) if payment.charge_id else _find(payment)
    if charge:
        _record(payment, charge)
    return charge


def refund(payment: Payment, amount: int, reason: str) -> stripe.Refund:
    """Give back `amount` (API's unit). Raises stripe.InvalidRequestError for more than is left."""
    return stripe.Refund.create(
        charge=payment.charge_id,
        amount=amount,
        reason=reason,
        metadata=metadata_of(payment.reference),
        idempotency_key=refund_key(payment, amount),
    )


def captured(charge: stripe.Charge) -> Captured | None:
    """Return what a charge captured, or None while it is not paid."""
    if not charge.paid:
        return None
    method = charge.payment_method_details
    card = getattr(method, "card", None)
    return Captured(
        reference=reference_in(charge),
        amount=charge.amount_captured,
        currency=charge.currency,
        livemode=charge.livemode,
        charge_id=charge.id,
        email=charge.receipt_email or "",
        payment_method=getattr(method, "type", None) or "",
        card_brand=card.brand if card else "",
        card_last4=card.last4 if card else "",
    )


def _charge_changed(payment: Payment, charge: stripe.Charge) -> None:
    """Read the charge again: events come late, twice and out of order."""
    _record(payment, stripe.Charge.retrieve(charge.id))


PAID_EVENTS = [
    "charge.succeeded",
]
EVENTS = {
    "charge.succeeded": _charge_changed,
    "charge.failed": _charge_changed,
}


def _charge(payment: Payment) -> None:
    token = payment.token
    try:
        charge = stripe.Charge.create(
            amount=payment.amount,
            currency=payment.currency,
            source=token,
            description=payment.description,
            metadata=metadata_of(payment.reference, token=token),
            receipt_email=payment.email or None,
            idempotency_key=f"{payment.reference}:{payment.attempt}:{token}",
        )
    except stripe.CardError as error:
        _fail(payment, error.error.decline_code or error.code or "card_declined", token)
    except stripe.APIError as error:
        if error.http_status >= 500:
            ledger.renew_idempotency_key(payment)
        raise
    except stripe.InvalidRequestError as error:
        if error.param == "receipt_email" and payment.email:
            ledger.forget_email(payment)
            _charge(payment)
            return
        # This call created no charge, but an earlier one may have spent the token on this very payment.
        confirm(payment)
        if not payment.is_paid:
            _fail(payment, code_of(error), token)
    else:
        _record(payment, charge)


def _email(request: HttpRequest) -> str:
    """Return the address entered in the dialog; a receipt is not worth losing a sale over a bad one."""
    try:
        return Payment._meta.get_field("email").clean(request.POST.get("stripeEmail", ""), None)
    except ValidationError:
        return ""


def _find(payment: Payment) -> stripe.Charge | None:
    """Find the charge whose answer we never got by what it carries: the paid one, or that of the open token."""
    since = payment.created_at - datetime.timedelta(hours=1)
    until = payment.created_at + datetime.timedelta(days=2)
    window = {"gte": int(since.timestamp()), "lte": int(until.timestamp())}
    charges = stripe.Charge.list(created=window, limit=100).auto_paging_iter()
    ours = [charge for charge in charges if reference_in(charge) == payment.reference]
    of_token = [charge for charge in ours if getattr(charge.metadata, "token", "") == payment.token]
    return next((charge for charge in ours if charge.paid), of_token[0] if of_token else None)


def _record(payment: Payment, charge: stripe.Charge) -> None:
    if paid := captured(charge):
        ledger.settle(payment, paid)
    elif charge.status == "failed":
        # Only the attempt that is open now: an older decline may arrive after a newer token.
        reason = charge.outcome and charge.outcome.reason
        _fail(payment, reason or charge.failure_code or "card_declined", getattr(charge.metadata, "token", ""))


def _fail(payment: Payment, code: str, token: str) -> None:
    """Record a decline; the staff are notified, once, of what may refuse every order of this flow."""
    if ledger.fail(payment, code, token=token) and needs_modern(code):
        mails.queue_legacy_refused(payment, has_ended=code == CARD_TOKENS_ENDED)
