"""The POST to an endpoint."""

from __future__ import annotations

import socket
from typing import Any

import pytest
import stripe

from stripe_sandbox.models import Attempt
from stripe_sandbox.testing import drain, fault, signed_deliveries
from tests.stripe_sandbox.stage.calls import CHARGE
from tests.stripe_sandbox.stage.endpoints import dripping

database = pytest.mark.django_db(databases="__all__")


def charge(api: stripe.StripeClient) -> stripe.Charge:
    return api.v1.charges.create(params=CHARGE)


@database
def test_an_endpoint_that_does_not_answer_is_given_up_and_tried_again(api: stripe.StripeClient, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/webhook/"
        settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_URL": url, "DELIVERY_TIMEOUT": 0.1}
        charge(api)

        drain()

    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.answer) == (0, "TimeoutError: timed out")
    assert attempt.delivery.state == "pending"


@database
def test_what_was_changed_on_its_way_does_not_verify(api: stripe.StripeClient, settings: Any) -> None:
    fault("tamper")
    charge(api)

    ((body, headers),) = signed_deliveries()

    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], settings.STRIPE_SANDBOX["WEBHOOK_SECRET"])


@database
def test_an_answer_that_never_ends_is_given_up_as_well(api: stripe.StripeClient, settings: Any) -> None:
    with dripping(0.02) as url:
        settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_URL": url, "DELIVERY_TIMEOUT": 0.3}
        charge(api)

        drain()

    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.answer) == (0, "TimeoutError: timed out")
