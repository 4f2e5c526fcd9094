"""How a Django project points itself to the sandbox, without any other plugin."""

from __future__ import annotations

import os
from importlib import metadata

import django
import pytest
import stripe
from django.test import Client, override_settings
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()


def pytest_report_header():
    return f"stripe {metadata.version('stripe')}, Django {django.__version__}"


@pytest.fixture(scope="session", autouse=True)
def database():
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    yield
    teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def stripe_account(stripe_sandbox, monkeypatch):
    monkeypatch.setattr(stripe, "api_base", stripe_sandbox.api_base)
    monkeypatch.setattr(stripe, "api_key", stripe_sandbox.secret_key)
    with override_settings(
        STRIPE_PUBLISHABLE_KEY=stripe_sandbox.publishable_key,
        STRIPE_WEBHOOK_SECRET=stripe_sandbox.webhook_secret,
        STRIPE_CHECKOUT_JS=stripe_sandbox.checkout_js,
    ):
        yield


@pytest.fixture
def client():
    return Client()
