"""Stripe's events: verify the signature on the raw body, store, dispatch, answer."""

from __future__ import annotations

import json
import logging

import stripe
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bbs import payments
from bbs.models import HistoryEntry, Payment, WebhookEvent
from bbs.payments import ledger
from bbs.payments.context import set_payment
from bbs.payments.references import reference_in

logger = logging.getLogger(__name__)

# What every event of Stripe's has: https://docs.stripe.com/api/events/object
FIELDS = {"id", "type", "api_version", "livemode"}


@csrf_exempt  # Stripe has no cookie of ours; the signature says who is calling
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Answer 200 once the event is kept and worked on, 400 to a bad signature, 503 to be told again later."""
    try:
        event = verify(request.body, request.headers.get("Stripe-Signature"))
    except (stripe.SignatureVerificationError, ValueError) as error:
        logger.warning("webhook refused: %s", getattr(error, "user_message", None) or error)
        if "matching the expected signature" in str(error):  # stripe-python's words for another secret
            logger.warning("If Stripe sent it, STRIPE_WEBHOOK_SECRET is not the secret of the endpoint it was sent to.")
        return HttpResponse("The signature could not be verified.", status=400, content_type="text/plain")
    stored = WebhookEvent.objects.filter(pk=event.id).first() or receive(event, request.body.decode())
    set_payment(stored.payment_id)
    # A stored event that was not processed is tried again: knowing its id is not having done its work.
    if stored.processed_at is None and not process(stored, event):
        return HttpResponse("Stripe could not be asked.", status=503, content_type="text/plain")
    return HttpResponse(status=200)


def verify(body: bytes, signature: str | None) -> stripe.Event:
    """Return the event that Stripe signed with one of our secrets; there are several while one is being rolled.

    Raises stripe.SignatureVerificationError when none fits or the signature is older than 300 seconds, and
    ValueError for a body that is not an event.
    """
    refuse_other_shapes(body)
    if signature and not signature.isascii():
        raise stripe.SignatureVerificationError("The signature is not ASCII.", signature)
    error = stripe.SignatureVerificationError("no webhook secret is set: see STRIPE_WEBHOOK_SECRET", signature)
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            return stripe.Webhook.construct_event(body, signature, secret)
        except stripe.SignatureVerificationError as refused:
            error = refused
    raise error


def refuse_other_shapes(body: bytes) -> None:
    """Raise ValueError for what is no event, on which stripe-python would stumble."""
    try:
        event = json.loads(body)
    except RecursionError:
        raise ValueError("The body is nested too deep.") from None
    data = event.get("data") if isinstance(event, dict) else None
    if not (isinstance(data, dict) and isinstance(data.get("object"), dict) and event.keys() >= FIELDS):
        raise ValueError("The body is not an event.")


def receive(event: stripe.Event, payload: str) -> WebhookEvent:
    """Store a new event, in one transaction with the settlement of what it says was paid, or else by itself."""
    payment, stored = payment_of(event.data.object), None
    try:
        if payment and not disowned(event) and (taken := payments.taken_by(payment, event)):
            stored = _store(event, payload, payment, taken)
    finally:
        stored = stored or _store(event, payload, payment)  # whatever failed, the event is not lost with it
    return stored


def _store(
    event: stripe.Event, payload: str, payment: Payment | None, taken: ledger.Taken | None = None
) -> WebhookEvent:
    """Store an event as it was signed, tell its payment's history of it, and settle what was taken.

    Returns its duplicate where that was quicker. Raises django.db.DatabaseError when nothing could be written.
    """
    try:
        with transaction.atomic():
            stored = WebhookEvent.objects.create(
                pk=event.id,
                type=event.type,
                payload=payload,
                payment_id=payment and payment.pk,  # by its key: whoever goes on reads the payment as it is then
                processed_at=timezone.now() if taken else None,
            )
            if payment and payments.waits_for(payment, event):
                ledger.note(payment, HistoryEntry.Kind.WEBHOOK, event.type)
            if taken:
                ledger.settle(payment, taken)
    except IntegrityError:
        if duplicate := WebhookEvent.objects.filter(pk=event.id).first():
            return duplicate
        raise
    if taken:
        logger.info("payment=%s webhook %s %s processed", payment.pk, event.type, event.id)
    return stored


def process(stored: WebhookEvent, event: stripe.Event) -> bool:
    """Hand an event to the flow of its payment; False when Stripe could not be asked, and the event waits.

    An event that is not about a payment of ours changes nothing.
    """
    payment = stored.payment or payment_of(event.data.object)
    try:
        if payment and payments.waits_for(payment, event):
            if reason := disowned(event):
                ledger.mismatch(payment, reason)
            else:
                payments.handle(payment, event)
    except stripe.StripeError as error:
        logger.warning("payment=%s webhook %s %s waits: %s", payment.pk, event.type, event.id, type(error).__name__)
        WebhookEvent.objects.filter(pk=stored.pk).update(payment=payment, error=type(error).__name__)
        return False
    WebhookEvent.objects.filter(pk=stored.pk).update(payment=payment, processed_at=timezone.now(), error="")
    logger.info("payment=%s webhook %s %s processed", payment and payment.pk, event.type, event.id)
    return True


def disowned(event: stripe.Event) -> str:
    """Return why an event cannot be about our own account's money, for staff to read; empty when it can."""
    if account := getattr(event, "account", None):
        return f"account: ours has no name in events, Stripe's {account}"
    if event.livemode != settings.STRIPE_LIVEMODE:
        return f"livemode: ours {settings.STRIPE_LIVEMODE}, Stripe's {event.livemode}"
    return ""


def payment_of(stripe_object: stripe.StripeObject) -> Payment | None:
    """Find the payment an object is about: by our reference, or by the charge or intent it belongs to."""
    if reference := reference_in(stripe_object):
        return Payment.objects.filter(pk=reference).first()
    charge, intent = getattr(stripe_object, "charge", None), getattr(stripe_object, "payment_intent", None)
    if not (charge or intent):
        return None
    return Payment.objects.filter(Q(charge_id=charge or "") | Q(payment_intent_id=intent or "")).first()
