"""The article: the view charges the token, and writes down an order afterwards."""

import stripe
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from .models import Order


def board(request):
    return render(request, "ladder/legacy.html", {"key": settings.STRIPE_PUBLISHABLE_KEY})


@require_POST
def checkout(request):
    stripe.api_key = settings.STRIPE_SECRET_KEY
    try:
        stripe.Charge.create(amount=30000, currency="jpy", source=request.POST["stripeToken"])
    except stripe.CardError as error:
        messages.error(request, error.user_message)
    else:
        Order.objects.create(amount=30000, paid_at=now())
    return redirect("/")


urlpatterns = [path("", board), path("checkout/", checkout)]
