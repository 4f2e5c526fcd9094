"""Webhook endpoints over the API."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_sandbox.models import LoggedRequest

database = pytest.mark.django_db(databases="__all__")


@database
def test_the_secret_is_shown_once(api: stripe.StripeClient) -> None:
    made = api.v1.webhook_endpoints.create(params={"url": "https://a.example/", "enabled_events": ["*"]})

    found = api.v1.webhook_endpoints.retrieve(made.id)

    assert made.secret.startswith("whsec_")
    assert "secret" not in found


@database
def test_the_secret_of_the_settings_is_never_shown(api: stripe.StripeClient, settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_SECRET": "whsec_given"}
    (found,) = api.v1.webhook_endpoints.list().data
    updated = api.v1.webhook_endpoints.update(found.id, params={"metadata": {"a": "b"}})

    assert "whsec_given" not in str([found, updated, *LoggedRequest.objects.values()])


@database
@pytest.mark.parametrize(
    ("name", "code"), [("sku.created", "sandbox_limit"), ("order.created", "sandbox_limit"), ("sku.sold", None)]
)
def test_a_type_of_event_that_stripe_once_had_is_a_limit(api: stripe.StripeClient, name: str, code: str | None) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.webhook_endpoints.create(params={"url": "https://shop.example/", "enabled_events": [name]})

    assert caught.value.code == code
