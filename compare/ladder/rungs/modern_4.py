"""Stripe confirms the payment by webhook: the visitor need not come back."""

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
        success_url=request.build_absolute_uri("/success/") + "?session_id={CHECKOUT_SESSION_ID}",
        idempotency_key=reference,
    )
    return redirect(session.url)


def success(request):
    stripe.api_key = settings.STRIPE_SECRET_KEY
    session = stripe.checkout.Session.retrieve(request.GET["session_id"])
    if session.payment_status == "paid":
        settle(session)
    return redirect("/")


def settle(session):
    order = Order.objects.filter(reference=session.client_reference_id, paid_at=None)
    order.update(paid_at=now(), session_id=session.id)


@csrf_exempt
@require_POST
def webhook(request):
    signature = request.headers.get("Stripe-Signature", "")
    try:
        event = stripe.Webhook.construct_event(request.body, signature, settings.STRIPE_WEBHOOK_SECRET)
    except (ValueError, stripe.SignatureVerificationError):
        return HttpResponse(status=400)
    if event.type == "checkout.session.completed" and event.data.object.payment_status == "paid":
        settle(event.data.object)
    return HttpResponse()


urlpatterns = [
    path("", board),
    path("checkout/", checkout),
    path("success/", success),
    path("webhook/", webhook),
]
