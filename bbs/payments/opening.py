"""An order on its way to Stripe: its payment is opened once, and claimed for each card that is tried."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bbs import limits
from bbs.commits import atomic_unsynced
from bbs.models import Payment
from bbs.payments.history import Kind, note
from bbs.payments.ledger import MOVES, Status
from bbs.payments.order import Order, OrderRefused
from bbs.visitor import ensure_visitor_id


def open_payment(request: HttpRequest, order: Order) -> Payment:
    """Return the payment of this order: made now, or found when the same form is sent again.

    Raises OrderRefused when the order is another visitor's, and limits.LimitReached for too many new ones.
    """
    visitor = ensure_visitor_id(request)
    payment: Payment | None
    try:
        # The next commit, which no money moves before, waits for the disk, and brings this one there too.
        with atomic_unsynced():
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
