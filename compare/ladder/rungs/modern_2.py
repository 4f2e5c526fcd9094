"""Stripe is asked whether the session is paid, and one session is one order."""

import stripe
from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from .models import Order


def board(request):
    return render(request, "ladder/modern.html")


@require_POST
def checkout(request):
    stripe.api_key = settings.STRIPE_SECRET_KEY
    price = {"currency": "jpy", "unit_amount": 30000, "product_data": {"name": "Test payment"}}
    session = stripe.checkout.Session.create(
        mode="payment",
        line_items=[{"price_data": price, "quantity": 1}],
        success_url=request.build_absolute_uri("/success/") + "?session_id={CHECKOUT_SESSION_ID}",
    )
    return redirect(session.url)


def success(request):
    stripe.api_key = settings.STRIPE_SECRET_KEY
    session = stripe.checkout.Session.retrieve(request.GET["session_id"])
    if session.payment_status == "paid":
        values = {"amount": session.amount_total, "paid_at": now()}
        Order.objects.get_or_create(session_id=session.id, defaults=values)
    return redirect("/")


urlpatterns = [path("", board), path("checkout/", checkout), path("success/", success)]
