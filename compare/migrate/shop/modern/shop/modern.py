import stripe
from django.shortcuts import redirect
from django.urls import reverse

from .settlement import settle


def start(request, order):
    """Create a session for an order, and go to Stripe's page; a second click leads to the same one."""
    price = {"currency": "jpy", "unit_amount": order.amount, "product_data": {"name": "T-shirt"}}
    session = stripe.checkout.Session.create(
        mode="payment",
        line_items=[{"price_data": price, "quantity": 1}],
        client_reference_id=order.reference,
        success_url=request.build_absolute_uri(reverse("success")) + "?session_id={CHECKOUT_SESSION_ID}",
        cancel_url=request.build_absolute_uri(reverse("index")),
        idempotency_key=f"session-{order.reference}",
    )
    return redirect(session.url)


def settle_session(session):
    """Settle the order of a session that is paid; return whether it is."""
    if session.payment_status != "paid" or not session.client_reference_id:
        return False
    settle(
        session.client_reference_id,
        session.amount_total,
        session.currency,
        session_id=session.id,
        payment_intent_id=session.payment_intent,
        email=session.customer_details.email,
    )
    return True
