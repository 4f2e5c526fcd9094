from uuid import uuid4

import stripe
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.mail import send_mail
from django.core.signing import BadSignature, Signer
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from .models import Order

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
    try:
        charge = stripe.Charge.create(
            amount=order.amount,
            currency="jpy",
            source=request.POST["stripeToken"],
            description="T-shirt",
            metadata={"order": order.reference},
        )
    except stripe.CardError as error:
        messages.error(request, error.user_message)
        return redirect("index")
    order.charge_id = charge.id
    order.paid_at = now()
    order.save()
    send_mail("Thank you", f"Your {order} is on its way.", None, [order.email])
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
