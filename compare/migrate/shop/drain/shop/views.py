from uuid import uuid4

import stripe
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.signing import BadSignature, Signer
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from . import modern
from .models import Order

stripe.api_key = settings.STRIPE_SECRET_KEY
PRICE = 2000  # yen


def index(request):
    return render(request, "shop/index.html", {"price": PRICE, "order": Signer().sign(uuid4().hex)})


@require_POST
def checkout(request):
    try:
        # A form of the first releases has no order yet.
        reference = Signer().unsign(request.POST["order"]) if "order" in request.POST else uuid4().hex
    except BadSignature:
        return HttpResponseBadRequest()
    order, _ = Order.objects.get_or_create(reference=reference, defaults={"amount": PRICE})
    if order.paid_at:
        return redirect("index")
    # The token of a legacy form that is still open is not charged: the visitor enters the card at Stripe.
    return modern.start(request, order)


def success(request):
    try:
        session = stripe.checkout.Session.retrieve(request.GET.get("session_id", ""))
    except stripe.InvalidRequestError:
        return redirect("index")
    if modern.settle_session(session):
        messages.success(request, "Thank you for your order.")
    else:
        messages.info(request, "Your payment is not confirmed yet. We write to you as soon as it is.")
    return redirect("index")


@require_POST
@permission_required("shop.change_order")
def refund(request, pk):
    order = get_object_or_404(Order, pk=pk)
    if order.payment_intent_id:
        stripe.Refund.create(payment_intent=order.payment_intent_id)
    else:
        stripe.Refund.create(charge=order.charge_id)
    order.refunded_at = now()
    order.save()
    return redirect("index")
