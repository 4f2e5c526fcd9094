"""Endpoints, faults, test cards, limits and a fresh start, on the dashboard."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.models import Delivery, Stored
from stripe_sandbox.webhooks import endpoints
from tests.stripe_sandbox.stage.calls import CHARGE

database = pytest.mark.django_db(databases="__all__")


def charge(api: stripe.StripeClient) -> stripe.Charge:
    return api.v1.charges.create(params=CHARGE)


@database
def test_the_dashboard_shows_the_secret_rolls_it_and_disables_the_endpoint(
    api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.webhook_endpoints.create(params={"url": "https://a.example/", "enabled_events": ["*"]})
    shown = client.get("/sandbox/webhooks/").content.decode()

    client.post(f"/sandbox/webhooks/{made.id}/", {"action": "roll"})
    client.post(f"/sandbox/webhooks/{made.id}/", {"action": "disable"})

    assert made.secret in shown
    fresh, old = endpoints.secrets(Stored.objects.get(sid=made.id))
    assert (old, fresh[:6], len(fresh)) == (made.secret, "whsec_", 70)
    assert api.v1.webhook_endpoints.retrieve(made.id).status == "disabled"


@database
def test_clearing_leaves_nothing_after_asking(api: stripe.StripeClient, client: Client) -> None:
    charge(api)
    client.get("/sandbox/clear/")
    assert Stored.objects.exists()

    client.post("/sandbox/clear/")

    assert not Stored.objects.exists()
    assert not Delivery.objects.exists()
