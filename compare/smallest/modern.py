"""The visitor pays on Stripe's page; the webhook, not their return, marks the order as paid."""

import stripe
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .models import Order


@require_POST
def checkout(request):
    stripe.api_key = settings.STRIPE_SECRET_KEY
    order = Order.objects.create(amount=30000)
    price = {"currency": "jpy", "unit_amount": order.amount, "product_data": {"name": "Test payment"}}
    session = stripe.checkout.Session.create(
        mode="payment",
        line_items=[{"price_data": price, "quantity": 1}],
        client_reference_id=str(order.pk),
        success_url=request.build_absolute_uri(reverse("bbs:index")),
    )
    return redirect(session.url)


@csrf_exempt
@require_POST
def webhook(request):
    signature = request.headers.get("Stripe-Signature", "")
    secret = settings.STRIPE_WEBHOOK_SECRET
    try:
        event = stripe.Webhook.construct_event(request.body, signature, secret)
    except (ValueError, stripe.SignatureVerificationError):
        return HttpResponse(status=400)
    session = event.data.object
    if event.type.startswith("checkout.session.") and session.payment_status == "paid":
        Order.objects.filter(pk=session.client_reference_id, paid_at=None).update(paid_at=now())
    return HttpResponse()
