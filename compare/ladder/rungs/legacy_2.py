"""The order comes first: its number is in the form, on the charge and in the idempotency key."""

import uuid

import stripe
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from .models import Order


def board(request):
    context = {"key": settings.STRIPE_PUBLISHABLE_KEY, "order": signing.dumps(str(uuid.uuid4()))}
    return render(request, "ladder/legacy.html", context)


@require_POST
def checkout(request):
    stripe.api_key = settings.STRIPE_SECRET_KEY
    token, reference = request.POST["stripeToken"], signing.loads(request.POST["order"])
    order, _created = Order.objects.get_or_create(reference=reference, defaults={"amount": 30000})
    if order.paid_at:
        return redirect("/")
    try:
        stripe.Charge.create(
            amount=order.amount,
            currency="jpy",
            source=token,
            metadata={"order": reference},
            idempotency_key=f"{reference}-{token}",
        )
    except stripe.CardError as error:
        messages.error(request, error.user_message)
    except stripe.StripeError:
        messages.error(request, "We do not know yet whether you paid: please ask us before you pay again.")
    else:
        order.paid_at = now()
        order.save()
    return redirect("/")


urlpatterns = [path("", board), path("checkout/", checkout)]
