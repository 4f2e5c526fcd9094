import json

import stripe
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt

from .models import Order
from .payments import charge


def pay(request, pk):
    order = get_object_or_404(Order, pk=pk)
    if request.method == "POST":
        try:
            order.charge_id = charge(order, request.POST["stripeToken"]).id
        except stripe.error.CardError as e:
            messages.error(request, str(e))
            return redirect("pay", pk)
        order.email = request.POST["stripeEmail"]
        order.paid = True
        order.save()
        return redirect("thanks")
    return render(request, "shop/pay.html", {"order": order, "percent": order.total / 50 * 100})


def donate(request):
    stripe.Charge.create(
        amount=request.POST["amount"],
        currency="usd",
        card=request.POST["stripeToken"],
        idempotency_key=request.POST["key"],
    )
    return redirect("thanks")


@csrf_exempt
def webhook(request):
    event = json.loads(request.body)
    if event["type"] == "charge.refunded":
        Order.objects.filter(charge_id=event["data"]["object"]["id"]).update(paid=False)
    return HttpResponse()
