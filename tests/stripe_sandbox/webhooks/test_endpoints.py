"""Which endpoint wants which event, and the secrets that sign for it."""

from __future__ import annotations

import pytest
import stripe

from stripe_sandbox.models import Delivery, StripeObject
from stripe_sandbox.testing import signed_deliveries
from stripe_sandbox.webhooks import endpoints
from tests.stripe_sandbox.stage.calls import CHARGE

database = pytest.mark.django_db(databases="__all__")


def charge(api: stripe.StripeClient) -> stripe.Charge:
    return api.v1.charges.create(params=CHARGE)


@database
def test_an_endpoint_hears_only_what_it_asked_for_and_only_while_enabled(api: stripe.StripeClient) -> None:
    wanted = api.v1.webhook_endpoints.create(params={"url": "https://a.example/", "enabled_events": ["refund.created"]})
    off = api.v1.webhook_endpoints.create(params={"url": "https://b.example/", "enabled_events": ["*"]})
    api.v1.webhook_endpoints.update(off.id, params={"disabled": True})

    api.v1.refunds.create(params={"charge": charge(api).id})

    heard = Delivery.objects.values_list("endpoint", "event_type")
    assert [kind for sid, kind in heard if sid == wanted.id] == ["refund.created"]
    assert off.id not in dict(heard)
    assert sorted(kind for sid, kind in heard if sid == endpoints.CONFIGURED) == [
        "charge.refunded",
        "charge.succeeded",
        "refund.created",
    ]


@database
def test_while_a_secret_is_rolled_both_secrets_sign(api: stripe.StripeClient) -> None:
    made = api.v1.webhook_endpoints.create(params={"url": "https://a.example/", "enabled_events": ["*"]})
    endpoints.roll(StripeObject.objects.get(sid=made.id), "whsec_new")
    StripeObject.objects.filter(sid=endpoints.CONFIGURED).update(tag="disabled")
    charge(api)

    sent = list(signed_deliveries())

    (body, headers), *_ = [pair for pair in sent if pair[1]["Stripe-Signature"].count("v1=") == 2]
    for secret in (made.secret, "whsec_new"):
        assert stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)
