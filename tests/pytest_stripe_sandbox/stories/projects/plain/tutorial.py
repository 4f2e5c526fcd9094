"""A shop without a framework, as tutorials wrote it: one key for the whole program, tokens, and charges."""

from __future__ import annotations

import stripe

try:
    from stripe import error
except ImportError:  # stripe-python 13, which has the classes in `stripe` alone
    error = stripe

# What was sold, by the id of its charge, and the last event about it.
sold: dict[str, str] = {}


def buy(token: str, amount: int) -> str:
    """Charge a token that the card dialog made; returns the charge's id, or raises what the bank says."""
    try:
        charge = stripe.Charge.create(amount=amount, currency="jpy", source=token, description="T-shirt")
    except error.CardError as declined:
        raise ValueError(declined.user_message) from declined
    sold[charge.id] = "bought"
    return charge.id


def give_back(charge: str) -> None:
    stripe.Refund.create(charge=charge)


def receive(body: bytes, signature: str, secret: str) -> int:
    """Take a webhook, and return the status to answer with."""
    try:
        event = stripe.Webhook.construct_event(body, signature, secret)
    except (ValueError, error.SignatureVerificationError):
        return 400
    thing = event["data"]["object"]
    if thing["object"] == "charge" and thing["id"] in sold:
        sold[thing["id"]] = event["type"]
    return 200


def sell_on_stripes_page(amount: int) -> str:
    """Return the address of Stripe's page, as after the migration."""
    price = {"currency": "jpy", "unit_amount": amount, "product_data": {"name": "T-shirt"}}
    session = stripe.checkout.Session.create(
        mode="payment",
        line_items=[{"price_data": price, "quantity": 1}],
        success_url="http://shop.example/thanks?id={CHECKOUT_SESSION_ID}",
        cancel_url="http://shop.example/",
    )
    return session.url
