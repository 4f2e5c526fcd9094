"""Taking a payment, in one of two flows that keep the same contract: `PaymentFlow`.

The functions here pass on to the flow in which an order or a payment began.
Which flow a new order takes is decided here and nowhere else. An order and a payment remember the flow they began in,
so flipping the flag between two requests loses no payment.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import stripe
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from bbs import mails
from bbs.models import Flow, Payment, WebhookEvent
from bbs.money import format_money
from bbs.payments import history, ledger, legacy, modern, opening, refunds_and_disputes, rollout
from bbs.payments.captured import Captured
from bbs.payments.context import set_payment, within_payment
from bbs.payments.errors import log_error
from bbs.payments.order import Order, OrderRefused
from bbs.payments.references import RefundReason, in_our_version
from bbs.tasks import task

logger = logging.getLogger(__name__)

Found = stripe.Charge | stripe.checkout.Session | None


class PaymentFlow(Protocol):
    """What each flow's module defines, in this order."""

    def button(self, order: Order, /) -> dict[str, object]:
        """Return what the pay button needs on the board."""

    def checkout(self, request: HttpRequest, order: Order, /) -> HttpResponse:
        """Answer the button's POST: take the money, or redirect the visitor to Stripe."""

    def confirm(self, payment: Payment, /) -> Found:
        """Fetch the payment's state from Stripe, and settle it."""

    def refund(self, payment: Payment, amount: int, reason: RefundReason, /) -> stripe.Refund:
        """Give money back."""

    def captured(self, paid: Any, /) -> Captured | None:
        """Return what Stripe captured, read from its object; None while it is not paid."""

    @property
    def PAID_EVENTS(self) -> Sequence[str]:
        """The types of event whose object proves a payment."""

    @property
    def EVENTS(self) -> Mapping[str, ledger.Handler]:
        """The handler of each type of event."""


# Where a visitor's own choice is kept. It is not signed: a visitor who changes it could also have pressed the switch.
FLOW_COOKIE = "flow"
FLOWS: dict[str, PaymentFlow] = {Flow.LEGACY: legacy, Flow.MODERN: modern}
# The flow whose orders are paid on a page of Stripe's.
FLOW_WITH_PAGE = Flow.MODERN
# The types of event that a payment of either flow may wait for.
EVENTS = legacy.EVENTS.keys() | modern.EVENTS.keys() | refunds_and_disputes.EVENTS.keys()


def flow_for(request: HttpRequest) -> str:
    """Return the flow that this visitor's next order takes.

    First counts what staff chose for their own browser, then the visitor's own choice where there is the switch, then
    the rollout, and last the setting.
    """
    if chosen := rollout.chosen_by_staff(request):
        return chosen
    switched = request.COOKIES.get(FLOW_COOKIE)
    if switched and can_switch_to(switched):
        return switched
    is_moved = settings.PAYMENT_FLOW == Flow.LEGACY and rollout.includes(request)
    return Flow.MODERN.value if is_moved else settings.PAYMENT_FLOW


def can_switch_to(flow: str | None) -> bool:
    """Return whether a visitor may choose this flow for themselves; the name may be anything."""
    return bool(settings.PAYMENT_FLOW_SWITCHER) and flow in Flow.values


def percentage_moved() -> int:
    """Return how many visitors in a hundred get the modern flow where the setting says legacy."""
    return settings.PAYMENT_FLOW_ROLLOUT if settings.PAYMENT_FLOW == Flow.LEGACY else 0


def charges_card_tokens() -> bool:
    """Return whether a visitor may pay in the legacy flow at Stripe itself, which many accounts refuse."""
    is_stripe = settings.STRIPE_API_BASE == "https://api.stripe.com" and not settings.STRIPE_HTTP_CLIENT
    is_default = settings.PAYMENT_FLOW == Flow.LEGACY and settings.PAYMENT_FLOW_ROLLOUT < 100
    return is_stripe and (is_default or settings.PAYMENT_FLOW_SWITCHER)


def flow_of_charge(charge: stripe.Charge) -> str:
    """Return the flow in which a charge at Stripe was made: a session has a PaymentIntent make it."""
    return (Flow.MODERN if charge.payment_intent else Flow.LEGACY).value


def has_page(owner: Order | Payment) -> bool:
    """Return whether the order is paid on a page of Stripe's, to which a visitor can return while it is pending."""
    return owner.flow == FLOW_WITH_PAGE


def flow_of(owner: Order | Payment) -> PaymentFlow:
    """Return the module of the flow in which this order or payment began."""
    return FLOWS[owner.flow]


def checkout(request: HttpRequest, order: Order) -> HttpResponse:
    """Answer the pay button's POST, on the terms of its form where today's are the same or money may be under way.

    Raises OrderRefused, limits.LimitReached and stripe.StripeError, as the flows do.
    """
    set_payment(order.reference)
    try:
        order.refuse_if_outdated()
        if order.flow == Flow.LEGACY and flow_for(request) == Flow.MODERN:
            order.refuse_after_grace()
    except OrderRefused:
        if not opening.is_under_way(order):
            raise
    return flow_of(order).checkout(request, order)


def confirm(payment: Payment) -> Found:
    """Fetch the payment's state from Stripe and record it, including refunds and disputes."""
    was_paid = payment.is_paid
    with within_payment(payment.reference):
        found = flow_of(payment).confirm(payment)
        if was_paid and payment.charge_id and refunds_and_disputes.has_unrecorded_changes(payment, found):
            refunds_and_disputes.follow(payment, payment.charge_id)
        return found


def confirm_for_visitor(payment: Payment) -> Found:
    """Do what `confirm` does, except for an order of which nothing was taken and nothing will be.

    What such a visit could find, reconciliation finds too; and a declined legacy order has no id to ask for, so that
    every visit would list the charges of three days.
    """
    return confirm(payment) if payment.is_paid or not payment.is_final else None


def refund(
    payment: Payment, amount: int | None = None, reason: RefundReason = "requested_by_customer"
) -> stripe.Refund:
    """Refund `amount` (API's unit), or all that is left. Returns the refund.

    Raises stripe.StripeError, and ValueError, in the active language, for an amount that cannot be refunded.
    """
    if not payment.amount_left:
        raise ValueError(_("Nothing is left to refund."))
    amount = payment.amount_left if amount is None else amount
    if not 0 < amount <= payment.amount_left:
        shown = {"amount": format_money(amount, payment.currency), "left": payment.left_total}
        raise ValueError(_("%(amount)s cannot be refunded; the most is %(left)s.") % shown)
    with within_payment(payment.reference):
        made = flow_of(payment).refund(payment, amount, reason)
        try:
            confirm(payment)
        except stripe.StripeError as error:
            # Stripe has made the refund all the same: its event, or reconciliation, brings our row to it.
            log_error(error, payment.pk)
        return made


def handles(payment: Payment, event: stripe.Event) -> bool:
    """Return whether an event of this type means anything for this payment."""
    return event.type in flow_of(payment).EVENTS or event.type in refunds_and_disputes.EVENTS


@task()
def complete_and_send(reference: str) -> int:
    """Ask Stripe for the charge of a paid payment, where an event left it out, and send its queued mails.

    Returns how many were sent now. Where Stripe cannot be reached they are sent with what is recorded.
    """
    payment = Payment.objects.filter(pk=reference).first()
    if payment is None:
        logger.info("payment=%s deleted, and its mails with it", reference)
        return 0
    if payment.is_paid and not payment.charge_id:
        try:
            with within_payment(payment.reference):
                flow_of(payment).confirm(payment)
        except stripe.StripeError as error:
            logger.warning("payment=%s mails without the charge: %s", payment.pk, type(error).__name__)
    return mails.send_now(payment)


def settles(event: stripe.Event, stored: WebhookEvent) -> bool:
    """Settle by a new event that proves a payment, and store it, before the payment is read; return whether it did.

    Where not, nothing is written: `handle` finds out what the event means for the payment as it is.
    """
    name = next((name for name, flow in FLOWS.items() if event.type in flow.PAID_EVENTS), "")
    captured = _captured_by(FLOWS[name], event) if name else None
    paid = event.data.object
    if captured is None or (isinstance(paid, stripe.Charge) and flow_of_charge(paid) != name):
        return False  # not paid yet, or the charge of a session, whose own event settles
    stored.processed_at = stored.received_at
    with within_payment(captured.reference):
        is_settled = ledger.settle_unread(name, captured, stored, complete_and_send)
    if is_settled:
        stored.payment_id, stored.is_new = captured.reference, False
    else:
        stored.processed_at = None
    return is_settled


def handle(payment: Payment, event: stripe.Event, stored: WebhookEvent) -> None:
    """Handle an event that is about this payment.

    Where its row is new, it is stored before anything else, or in one transaction with what it settles.
    Raises KeyError for a type without a handler, and history.AlreadyStored for a duplicate.
    """
    flow = flow_of(payment)
    with within_payment(payment.reference):
        if captured := _captured_by(flow, event):
            _settle(payment, captured, stored)
            return
        history.store_event(stored, payment)
        if event.type in flow.EVENTS:
            flow.EVENTS[event.type](payment, event.data.object)
            return
        if not payment.charge_id:
            confirm(payment)  # events come in any order, and this one proves that there was a charge
        refunds_and_disputes.EVENTS[event.type](payment, event.data.object)


def _captured_by(flow: PaymentFlow, event: stripe.Event) -> Captured | None:
    """Return what was captured, by the event alone: paid stays paid. None where it must be fetched from Stripe."""
    if event.type in flow.PAID_EVENTS and in_our_version(event.api_version):
        return flow.captured(event.data.object)
    return None


def _settle(payment: Payment, captured: Captured, stored: WebhookEvent) -> None:
    """Settle what was captured by an event; what it leaves out is fetched once that is committed."""
    if stored.is_new:
        stored.processed_at = stored.received_at
        ledger.settle(payment, captured, stored, complete_and_send)
        stored.is_new = False
    else:
        ledger.settle(payment, captured, None, complete_and_send)
