"""Settings of a small Django project that takes cards with checkout.js, the old way."""

from __future__ import annotations

SECRET_KEY = "a project's"
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
STRIPE_PUBLISHABLE_KEY = "pk_test_of_the_project"
STRIPE_WEBHOOK_SECRET = "whsec_of_the_project"
STRIPE_CHECKOUT_JS = "https://checkout.stripe.com/checkout.js"
