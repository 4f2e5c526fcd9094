from __future__ import annotations

import stripe
from django.conf import settings
from django.http import HttpResponse
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_exempt

from shop.models import Order

try:
    from stripe import error
except ImportError:  # stripe-python 13, which has the classes in `stripe` alone
    error = stripe

BUTTON = (
    '<form action="/charge/" method="POST"><script src="{}" class="stripe-button" data-key="{}" data-amount="30000" '
    'data-currency="jpy"></script></form>'
)


def index(request):
    return HttpResponse(format_html(BUTTON, settings.STRIPE_CHECKOUT_JS, settings.STRIPE_PUBLISHABLE_KEY))


@csrf_exempt
def charge(request):
    token = request.POST["stripeToken"]
    try:
        made = stripe.Charge.create(amount=30000, currency="jpy", source=token, description="order")
    except error.CardError:
        return HttpResponse("declined", status=402)
    Order.objects.create(charge=made.id)
    return HttpResponse("paid")


@csrf_exempt
def webhook(request):
    signature = request.META["HTTP_STRIPE_SIGNATURE"]
    try:
        event = stripe.Webhook.construct_event(request.body, signature, settings.STRIPE_WEBHOOK_SECRET)
    except (ValueError, error.SignatureVerificationError):
        return HttpResponse(status=400)
    if event["type"] == "charge.refunded":
        Order.objects.filter(charge=event["data"]["object"]["id"]).update(status="refunded")
    return HttpResponse()
