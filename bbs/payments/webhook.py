"""Stripe's events: verify the signature on the raw body, store, process, answer."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from functools import cached_property

import stripe
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bbs import payments
from bbs.models import Payment, WebhookEvent
from bbs.payments import history, shapes, sql
from bbs.payments.context import set_payment
from bbs.payments.errors import brief, log_error
from bbs.payments.references import in_our_version, reference_in

logger = logging.getLogger(__name__)


@csrf_exempt  # Stripe has no CSRF cookie; the signature authenticates the caller
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Store an event and process it. 400 to a bad signature; 200 also where sending it again could not help.

    503 where it can: Stripe could not be asked, our code failed, or its database did. The event is stored, and is
    tried again when Stripe sends it again, or by `reconcile_payments`.
    """
    try:
        payload = verify(request.body, request.headers.get("Stripe-Signature"))
    except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
        logger.warning("webhook refused: %s", getattr(error, "user_message", None) or error)
        if "matching the expected signature" in str(error):  # stripe-python's message for another secret
            logger.warning("If Stripe sent it, STRIPE_WEBHOOK_SECRET is not the secret of the endpoint it was sent to.")
        return HttpResponse("The signature could not be verified.", status=400, content_type="text/plain")
    stored = receive(payload)
    set_payment(stored.payment_id)
    if stored.processed_at is None:
        return HttpResponse("The event is stored, and waits.", status=503, content_type="text/plain")
    return HttpResponse(status=200)


def verify(body: bytes, signature: str | None) -> str:
    """Return the payload that Stripe signed with one of our secrets; there are several while one is being rolled.

    Raises stripe.SignatureVerificationError when none fits or the signature is older than 300 seconds, and
    UnicodeDecodeError for what is no text, which Stripe does not sign.
    """
    payload = body.decode()
    if signature and not signature.isascii():
        raise stripe.SignatureVerificationError("The signature is not ASCII.", signature)
    error = stripe.SignatureVerificationError("no webhook secret is set: see STRIPE_WEBHOOK_SECRET", signature)
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            stripe.WebhookSignature.verify_header(payload, signature, secret, stripe.Webhook.DEFAULT_TOLERANCE)
        except stripe.SignatureVerificationError as refused:
            error = refused
        else:
            return payload
    raise error


def event_in(payload: str) -> stripe.Event:
    """Return the event in a payload whose signature was good. Raises shapes.OddShape."""
    values = shapes.parsed(payload)
    if isinstance(values, dict) and values.get("object") == "v2.core.event":
        raise shapes.OddShape("a thin event; set the payload style of the event destination to snapshot")
    shapes.check(values, shapes.EVENT, "event")
    if values["type"] in payments.EVENTS:
        known = in_our_version(values["api_version"])
        kind = shapes.OBJECTS[values["type"].rpartition(".")[0]] if known else shapes.IN_ANY_VERSION
        shapes.check(values["data"]["object"], kind, "data.object")
        if known:  # half the cost of an event is building objects of fields that are never read
            values["data"]["object"] = shapes.only(values["data"]["object"], kind)
    return stripe.Event.construct_from(shapes.only(values, shapes.EVENT), key=None)


@dataclass(frozen=True)
class Reading:
    """What an event says. `error` is why it changes nothing, for staff to read, however often it is tried."""

    event: stripe.Event
    error: str
    is_odd: bool = False
    known: Payment | None = None

    @cached_property
    def payment(self) -> Payment | None:
        """The payment that it is about; looked up when it is asked for, if it is not known."""
        return self.known or payment_of(self.event.data.object)

    @property
    def concerned(self) -> Payment | None:
        """The payment, if an event of this type means anything for it."""
        return self.payment if not self.is_odd and self.payment and payments.handles(self.payment, self.event) else None


def read(payload: str, payment: Payment | None = None) -> Reading:
    """Read an event. `payment` is the one that it is about, if that is known."""
    try:
        event = event_in(payload)
    except shapes.OddShape as odd:
        return Reading(_unread(payload), str(odd), is_odd=True, known=payment)
    return Reading(event, foreign_reason(event), known=payment)


def receive(payload: str) -> WebhookEvent:
    """Store an event as it was signed, and process it; return its row, or that of its duplicate.

    Raises django.db.DatabaseError when nothing could be written.
    """
    reading = read(payload)
    stored = WebhookEvent(
        pk=reading.event.id,
        type=reading.event.type,
        payload=payload.replace("\x00", "\N{REPLACEMENT CHARACTER}"),  # JSON has none, and PostgreSQL no column
        received_at=timezone.now(),
    )
    try:
        process(stored, reading)
    except history.AlreadyStored as earlier:
        stored = earlier.event
        # Knowing its id is not having done its work.
        if stored.processed_at is None:
            process(stored)
    return stored


def _unread(payload: str) -> stripe.Event:
    """Return what an event in an odd shape is stored under: its own id and type, where the columns can hold them."""
    try:
        values = dict(shapes.parsed(payload))
    except (TypeError, ValueError):
        values = {}
    key, kind = values.get("id"), values.get("type")
    named: dict[str, object] = {
        "id": key if shapes.identifier(key) else f"sha256:{hashlib.sha256(payload.encode()).hexdigest()}",
        "type": kind if shapes.text(100)(kind) else "",
        "data": {"object": {}},
    }
    return stripe.Event.construct_from(named, key=None)


def process(stored: WebhookEvent, reading: Reading | None = None) -> None:
    """Process an event, also again, and store when that was done, or the error for which it waits.

    A new one is stored too. Raises history.AlreadyStored, and changes nothing, for a duplicate.
    """
    reading = reading or read(stored.payload, stored.payment)
    is_new, stored.error = stored.is_new, reading.error
    failure: Exception | None = None
    try:
        if not is_new or reading.error or not payments.settles(reading.event, stored):
            _handle(reading, stored)
        is_saved = is_new and stored.processed_at is not None  # with what it settled
        stored.processed_at = stored.processed_at if is_saved else timezone.now()
    except history.AlreadyStored:
        raise
    except Exception as error:  # Stripe, the database or our code: the event waits for a better time
        failure = error
    if failure:
        stored.error, stored.processed_at, is_saved = brief(failure)[:255], None, False
        stored.payment = reading.payment
        # Of a database that cannot be written, this error alone is raised.
        history.store_event(stored, reading.concerned)
        log_error(failure, stored.payment_id)
    if not is_saved:
        stored.save(update_fields=["payment", "processed_at", "error"])
    level = logging.WARNING if stored.error else logging.INFO
    outcome = stored.error or "processed"
    logger.log(level, "payment=%s webhook %s %s %s", stored.payment_id, stored.type, stored.pk, outcome)


def _handle(reading: Reading, stored: WebhookEvent) -> None:
    """Do what an event means for its payment; where it changes nothing, keep for staff why."""
    stored.payment, concerned = reading.payment, reading.concerned
    if concerned and not reading.error:
        payments.handle(concerned, reading.event, stored)
    else:
        history.store_event(stored, concerned)
        if concerned:
            history.mismatch(concerned, reading.error)


def foreign_reason(event: stripe.Event) -> str:
    """Return why an event cannot be about our own account's money, for staff to read; empty when it can."""
    if event.account:
        return f"The event is for connected account {event.account}; this site uses none."
    if event.livemode != settings.STRIPE_LIVEMODE:
        return f"livemode: ours {settings.STRIPE_LIVEMODE}, Stripe's {event.livemode}"
    return ""


def payment_of(stripe_object: stripe.StripeObject) -> Payment | None:
    """Find the payment an object is about: by our reference, or by the charge or intent it belongs to."""
    if reference := reference_in(stripe_object):
        return sql.payment(reference)
    ids = [(f"{name}_id", getattr(stripe_object, name, None)) for name in ("charge", "payment_intent")]
    known = [(name, value) for name, value in ids if shapes.identifier(value)]
    return Payment.objects.filter(Q(*known, _connector=Q.OR)).first() if known else None
