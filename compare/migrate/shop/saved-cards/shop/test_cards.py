import stripe

from . import cards


def test_a_card_of_the_legacy_flow_is_found_without_a_token():
    customer = stripe.Customer.create(email="customer@example.com", source="tok_visa")

    (card,) = cards.kept(customer.id)

    assert card.id == customer.default_source
    assert card.card.last4 == "4242"
