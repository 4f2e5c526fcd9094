"""The token that checkout.js made is charged in the view: the visitor pays here, or not at all."""

import stripe
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.timezone import now
from django.views import View

from .models import Order


class CheckoutView(View):
    def post(self, request, *args, **kwargs):
        stripe.api_key = settings.STRIPE_SECRET_KEY
        try:
            stripe.Charge.create(
                amount=30000,
                currency="jpy",
                source=request.POST["stripeToken"],
                description="Test payment",
            )
        except stripe.CardError as error:
            messages.error(request, error.user_message)
        else:
            Order.objects.create(amount=30000, paid_at=now())
        return redirect("bbs:index")
