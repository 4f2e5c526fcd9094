"""Webhook endpoints over the API."""

from __future__ import annotations

import pytest
import stripe

database = pytest.mark.django_db(databases="__all__")


@database
def test_the_secret_is_shown_once(api: stripe.StripeClient) -> None:
    made = api.v1.webhook_endpoints.create(params={"url": "https://a.example/", "enabled_events": ["*"]})

    found = api.v1.webhook_endpoints.retrieve(made.id)

    assert made.secret.startswith("whsec_")
    assert "secret" not in found
