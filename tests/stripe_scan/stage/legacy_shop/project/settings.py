import os

STRIPE_SECRET_KEY = os.environ.get("STRIPE_SECRET_KEY", "sk_test_NotARealKey4Tests1234567")
STRIPE_PUBLISHABLE_KEY = os.environ["STRIPE_PUBLISHABLE_KEY"]
CSP_SCRIPT_SRC = ("'self'", "https://checkout.stripe.com")
