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

from .models import Order
from .settlement import settle

stripe.api_key = settings.STRIPE_SECRET_KEY
PRICE = 2000  # yen


def index(request):
    context = {"price": PRICE, "key": settings.STRIPE_PUBLISHABLE_KEY, "order": Signer().sign(uuid4().hex)}
    return render(request, "shop/index.html", context)


@require_POST
def checkout(request):
    try:
        # A form that was opened before this release has no order yet.
        reference = Signer().unsign(request.POST["order"]) if "order" in request.POST else uuid4().hex
    except BadSignature:
        return HttpResponseBadRequest()
    order, _ = Order.objects.get_or_create(
        reference=reference,
        defaults={"amount": PRICE, "email": request.POST.get("stripeEmail", "")},
    )
    if not order.paid_at:
        token = request.POST["stripeToken"]
        try:
            charge = stripe.Charge.create(
                amount=order.amount,
                currency="jpy",
                source=token,
                description="T-shirt",
                metadata={"order": order.reference},
                idempotency_key=f"{order.reference}-{token}",
            )
        except stripe.CardError as error:
            messages.error(request, error.user_message)
            return redirect("index")
        settle(order.reference, charge.amount, charge.currency, charge_id=charge.id)
    messages.success(request, "Thank you for your order.")
    return redirect("index")


@require_POST
@permission_required("shop.change_order")
def refund(request, pk):
    order = get_object_or_404(Order, pk=pk)
    stripe.Refund.create(charge=order.charge_id)
    order.refunded_at = now()
    order.save()
    return redirect("index")
