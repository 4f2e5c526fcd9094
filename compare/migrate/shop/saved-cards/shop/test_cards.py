import pytest
import stripe

from . import cards
from .models import Order

ORDER = Order(amount=2000, reference="1")


def test_a_card_of_the_legacy_flow_is_charged_without_a_token():
    customer = stripe.Customer.create(email="customer@example.com", source="tok_visa")

    (card,) = cards.kept(customer.id)
    intent = cards.charge(ORDER, customer.id, card.id)

    assert card.id == customer.default_source
    assert card.card.last4 == "4242"
    assert (intent.status, intent.amount_received) == ("succeeded", 2000)


def test_a_card_that_is_entered_on_stripes_page_is_kept_and_charged(stripe_sandbox):
    customer = stripe.Customer.create(email="customer@example.com")
    price = {"currency": "jpy", "unit_amount": 2000, "product_data": {"name": "T-shirt"}}
    session = stripe.checkout.Session.create(
        mode="payment",
        line_items=[{"price_data": price, "quantity": 1}],
        success_url="https://shop.example/",
        **cards.keep(customer.id),
    )
    stripe_sandbox.pay(session.url)

    (card,) = cards.kept(customer.id)

    assert cards.charge(ORDER, customer.id, card.id).status == "succeeded"


def test_a_bank_that_asks_for_3d_secure_declines_while_the_customer_is_away():
    customer = stripe.Customer.create(source="tok_authenticationRequired")
    (card,) = cards.kept(customer.id)

    with pytest.raises(stripe.CardError) as declined:
        cards.charge(ORDER, customer.id, card.id)

    assert declined.value.code == "authentication_required"
