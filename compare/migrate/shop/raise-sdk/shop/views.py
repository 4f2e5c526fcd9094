import stripe
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.mail import send_mail
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from .models import Order

stripe.api_key = settings.STRIPE_SECRET_KEY
PRICE = 2000  # yen


def index(request):
    return render(request, "shop/index.html", {"price": PRICE, "key": settings.STRIPE_PUBLISHABLE_KEY})


@require_POST
def checkout(request):
    try:
        charge = stripe.Charge.create(
            amount=PRICE,
            currency="jpy",
            source=request.POST["stripeToken"],
            description="T-shirt",
        )
    except stripe.CardError as error:
        messages.error(request, error.user_message)
        return redirect("index")
    order = Order.objects.create(amount=PRICE, email=request.POST.get("stripeEmail", ""), charge_id=charge.id)
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
