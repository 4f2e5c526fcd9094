"""Every kind of object the sandbox can make, in every state."""

from __future__ import annotations

import contextlib

import stripe
from django.test import Client

from stripe_sandbox.models import StripeObject
from stripe_sandbox.testing import pay, signed_deliveries
from tests.stripe_sandbox.stage.calls import session

ADDRESS = {"line1": "1-2-3", "city": "Chiyoda", "postal_code": "100-0001", "country": "JP", "state": "Tokyo"}
SHIPPING = {"name": "Hanako", "address": ADDRESS}


def charges(api: stripe.StripeClient, browser_api: stripe.StripeClient) -> None:
    """Make charges of all states, with what follows them."""

    def charge(source: str, **more: object) -> stripe.Charge:
        return api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "source": source, **more})

    card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123", "name": "Hanako"}
    token = browser_api.v1.tokens.create(params={"card": {**card, "address_line1": "1-2-3", "address_zip": "1000001"}})
    paid = charge(token.id, shipping=SHIPPING, metadata={"a": "b"}, description="A shirt", receipt_email="a@b.example")
    api.v1.refunds.create(params={"charge": paid.id, "amount": 500})
    api.v1.refunds.create(params={"charge": paid.id, "reason": "duplicate", "metadata": {"why": "twice"}})
    for name in (
        "tok_chargeDeclined",
        "tok_radarBlock",
        "tok_chargeDeclinedIncorrectCvc",
        "tok_authenticationRequired",
    ):
        with contextlib.suppress(stripe.CardError):
            charge(name)
    for name in ("tok_pendingRefund", "tok_refundFail"):
        api.v1.refunds.create(params={"charge": charge(name).id})
    api.v1.charges.update(paid.id, params={"description": "", "fraud_details": {"user_report": "safe"}})
    api.v1.charges.capture(charge("tok_visa", capture=False).id, params={"amount": 1000})
    charge("tok_amex", capture=False)
    for name in ("tok_createDispute", "tok_createDisputeInquiry", "tok_createDisputeProductNotReceived"):
        charge(name)


def disputes(api: stripe.StripeClient) -> None:
    """Win one, lose one, leave one open."""
    first, second, third = api.v1.disputes.list().data
    api.v1.disputes.update(first.id, params={"evidence": {"uncategorized_text": "winning_evidence"}})
    api.v1.disputes.update(second.id, params={"evidence": {"uncategorized_text": "escalate_inquiry_evidence"}})
    api.v1.disputes.close(third.id)
    list(signed_deliveries(ahead=8))


def catalogue(api: stripe.StripeClient) -> str:
    """Make customers, products, prices and endpoints; return a price."""
    customer = api.v1.customers.create(params={"email": "a@b.example", "source": "tok_visa", "address": ADDRESS})
    api.v1.customers.update(customer.id, params={"shipping": SHIPPING, "metadata": {"a": "b"}, "name": "Hanako"})
    api.v1.charges.create(params={"amount": 700, "currency": "usd", "customer": customer.id})
    api.v1.customers.delete(api.v1.customers.create(params={}).id)
    product = api.v1.products.create(params={"name": "Mug", "images": ["https://a.example/mug.png"]})
    price = api.v1.prices.create(params={"currency": "usd", "unit_amount": 1500, "product": product.id})
    api.v1.prices.create(params={"currency": "usd", "unit_amount_decimal": "0.5", "product_data": {"name": "Bead"}})
    api.v1.products.update(product.id, params={"default_price": price.id})
    endpoint = api.v1.webhook_endpoints.create(
        params={"url": "https://shop.example/webhook/", "enabled_events": ["charge.failed"]}
    )
    api.v1.webhook_endpoints.update(endpoint.id, params={"disabled": True})
    return price.id


def intents(api: stripe.StripeClient) -> None:
    """Make payment intents of all states."""

    def intent(**more: object) -> stripe.PaymentIntent:
        return api.v1.payment_intents.create(params={"amount": 2000, "currency": "jpy", **more})

    now = {"confirm": True, "return_url": "https://shop.example/"}
    api.v1.payment_intents.cancel(intent(shipping=SHIPPING).id, params={"cancellation_reason": "abandoned"})
    intent(payment_method="pm_card_visa")
    intent(payment_method="pm_card_visa", **now)
    intent(payment_method="pm_card_authenticationRequired", **now)
    with contextlib.suppress(stripe.CardError):
        intent(payment_method="pm_card_visa_chargeDeclined", **now)


def sessions(api: stripe.StripeClient, page: Client, price: str) -> None:
    """Make Checkout Sessions of all states, paid in all ways."""

    def opened(**more: object) -> stripe.checkout.Session:
        return api.v1.checkout.sessions.create(params=session(**more))

    pay(page.post, opened(customer_creation="always", billing_address_collection="auto").url)
    pay(page.post, opened(line_items=[{"price": price, "quantity": 2}], locale="ja", submit_type="donate").url)
    refused = opened(customer_email="a@b.example", metadata={"a": "b"}, client_reference_id="7")
    pay(page.post, refused.url, cardNumber="4000000000000002")
    api.v1.checkout.sessions.expire(refused.id)
    asked = opened()
    pay(page.post, asked.url, cardNumber="4000002760003184")
    intent = StripeObject.objects.get(sid=api.v1.checkout.sessions.retrieve(asked.id).payment_intent)
    page.post(f"/sandbox/authenticate/{intent.sid}/", {"outcome": "fail"})
    pay(page.post, asked.url, cardNumber="4000002760003184")
    page.post(f"/sandbox/authenticate/{intent.sid}/", {"outcome": "complete"})
    for name in ("succeed_immediately", "expire_immediately", "fill_never"):
        pay(page.post, opened().url, paymentMethod="konbini", email=f"{name}@b.example")
    opened(cancel_url="https://shop.example/", custom_text={"submit": {"message": "Thanks"}})


def make(api: stripe.StripeClient, browser_api: stripe.StripeClient, page: Client) -> None:
    """Make everything, and let enough time pass for what Stripe does by itself."""
    charges(api, browser_api)
    intents(api)
    sessions(api, page, catalogue(api))
    list(signed_deliveries(ahead=60))
    disputes(api)
