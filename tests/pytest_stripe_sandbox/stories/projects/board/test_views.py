"""The views of the project, with a card that is typed in and with a webhook that is signed."""

from __future__ import annotations

import stripe
from shop.models import Order


def token(account, number):
    """Return what checkout.js puts into the form: it has the publishable key alone."""
    card = {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}
    return stripe.Token.create(card=card, api_key=account.publishable_key).id


def test_the_button_is_the_sandboxs(client, stripe_sandbox):
    page = client.get("/").content.decode()

    assert stripe_sandbox.checkout_js in page
    assert stripe_sandbox.publishable_key in page


def test_a_card_pays_and_its_refund_arrives_by_webhook(client, stripe_sandbox):
    answer = client.post("/charge/", {"stripeToken": token(stripe_sandbox, "4242424242424242")})
    order = Order.objects.latest("pk")
    stripe.Refund.create(charge=order.charge)

    def receive(event):
        return client.post("/webhook/", event.body, "application/json", **event.environ).status_code

    statuses = stripe_sandbox.deliver(receive)

    order.refresh_from_db()
    assert answer.content == b"paid"
    assert set(statuses) == {200}
    assert order.status == "refunded"


def test_a_declined_card_is_no_order(client, stripe_sandbox):
    before = Order.objects.count()

    answer = client.post("/charge/", {"stripeToken": token(stripe_sandbox, "4000000000000002")})

    assert answer.status_code == 402
    assert Order.objects.count() == before


def test_a_wrong_signature_is_refused(client, stripe_sandbox):
    stripe.Charge.create(amount=500, currency="usd", source="tok_visa")
    event = stripe_sandbox.webhooks()[0]
    headers = dict(event.environ, HTTP_STRIPE_SIGNATURE=event.signature.replace("v1=", "v1=0"))

    assert client.post("/webhook/", event.body, "application/json", **headers).status_code == 400
