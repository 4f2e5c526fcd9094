"""What comes days later counts too, a payment or a refund, and only the order's own money does."""

import uuid

import stripe
from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .models import Order


def board(request):
    return render(request, "ladder/modern.html", {"order": signing.dumps(str(uuid.uuid4()))})


@require_POST
def checkout(request):
    stripe.api_key = settings.STRIPE_SECRET_KEY
    reference = signing.loads(request.POST["order"])
    order, _created = Order.objects.get_or_create(reference=reference, defaults={"amount": 30000})
    if order.paid_at:
        return redirect("/")
    price = {"currency": "jpy", "unit_amount": order.amount, "product_data": {"name": "Test payment"}}
    session = stripe.checkout.Session.create(
        mode="payment",
        line_items=[{"price_data": price, "quantity": 1}],
        client_reference_id=reference,
        payment_intent_data={"metadata": {"order": reference}},
        success_url=request.build_absolute_uri("/success/") + "?session_id={CHECKOUT_SESSION_ID}",
        idempotency_key=reference,
    )
    return redirect(session.url)


def success(request):
    stripe.api_key = settings.STRIPE_SECRET_KEY
    session = stripe.checkout.Session.retrieve(request.GET["session_id"])
    settle(session)
    return redirect("/")


def settle(session):
    if session.payment_status == "paid" and session.currency == "jpy":
        reference = session.client_reference_id
        order = Order.objects.filter(reference=reference, amount=session.amount_total, paid_at=None)
        order.update(paid_at=now(), session_id=session.id)


def refund(charge):
    reference = charge.metadata["order"] if "order" in charge.metadata else None
    order = Order.objects.filter(reference=reference, amount_refunded__lt=charge.amount_refunded)
    order.update(amount_refunded=charge.amount_refunded)


EVENTS = {
    "checkout.session.completed": settle,
    "checkout.session.async_payment_succeeded": settle,
    "charge.refunded": refund,
}


@csrf_exempt
@require_POST
def webhook(request):
    signature = request.headers.get("Stripe-Signature", "")
    try:
        event = stripe.Webhook.construct_event(request.body, signature, settings.STRIPE_WEBHOOK_SECRET)
    except (ValueError, stripe.SignatureVerificationError):
        return HttpResponse(status=400)
    if event.type in EVENTS:
        EVENTS[event.type](event.data.object)
    return HttpResponse()


urlpatterns = [
    path("", board),
    path("checkout/", checkout),
    path("success/", success),
    path("webhook/", webhook),
]
