import pytest
import stripe


@pytest.fixture(autouse=True)
def stripe_account(stripe_sandbox, settings, monkeypatch):
    monkeypatch.setattr(stripe, "api_base", stripe_sandbox.api_base)
    monkeypatch.setattr(stripe, "api_key", stripe_sandbox.secret_key)
    settings.STRIPE_SECRET_KEY = stripe_sandbox.secret_key  # shop.views reads it when the first test calls it
    settings.STRIPE_PUBLISHABLE_KEY = stripe_sandbox.publishable_key
