import stripe

stripe.Charge.create(amount=1, currency="jpy", source=token)
