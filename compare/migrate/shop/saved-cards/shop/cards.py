import stripe


def keep(customer_id):
    """Return the parameters of a session that offers a customer's cards, and keeps the one that is used."""
    return {
        "customer": customer_id,
        "payment_intent_data": {"setup_future_usage": "off_session"},
    }


def kept(customer_id):
    """Return a customer's cards, newest first: also those that tokens were attached for, as `card_…`."""
    return stripe.Customer.list_payment_methods(customer_id, type="card").data


def charge(order, customer_id, card_id):
    """Charge a kept card without its owner, as `Charge.create(customer=…)` did. Raises CardError for a decline."""
    return stripe.PaymentIntent.create(
        amount=order.amount,
        currency="jpy",
        customer=customer_id,
        payment_method=card_id,
        automatic_payment_methods={"enabled": True, "allow_redirects": "never"},
        off_session=True,
        confirm=True,
        metadata={"order": order.reference},
        idempotency_key=f"intent-{order.reference}-{card_id}",
    )
