"""All that talks to Stripe."""

import stripe
from django.conf import settings
from stripe.error import CardError

stripe.api_key = settings.STRIPE_SECRET_KEY


def charge(order, token):
    options = {"currency": "usd", "receipt_email": order.email}
    options["source"] = token
    return stripe.Charge.create(amount=int(order.total * 100), description="Order", **options)


def refund(order):
    payment = stripe.Charge.retrieve(order.charge_id, settings.STRIPE_SECRET_KEY)
    payment.refund()


def remember(user, token):
    customer = stripe.Customer.retrieve(user.customer_id)
    customer.sources.create(source=token)
    customer.description = user.email
    customer.save()


def all_charges():
    return stripe.Charge.all(limit=100)["data"]


__all__ = ["CardError", "all_charges", "charge", "refund", "remember"]
