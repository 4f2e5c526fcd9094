"""The helpers that tests of a shop use."""

from __future__ import annotations

import pytest
import stripe
from django.conf import settings
from django.test import Client

from stripe_sandbox import testing
from stripe_sandbox.models import Attempt, Delivery
from tests.stripe_sandbox.stage.calls import CHARGE, session

pytestmark = pytest.mark.django_db(databases="__all__")


def test_what_is_yielded_is_signed_and_counts_as_delivered(api: stripe.StripeClient) -> None:
    api.v1.charges.create(params=CHARGE)

    ((body, headers),) = testing.signed_deliveries()

    secret = settings.STRIPE_SANDBOX["WEBHOOK_SECRET"]
    assert stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret).type == "charge.succeeded"
    assert list(testing.signed_deliveries(ahead=60)) == []


@pytest.mark.parametrize(("status", "state"), [(200, "succeeded"), (500, "pending")])
def test_what_the_endpoint_answers_decides(status: int, state: str, api: stripe.StripeClient) -> None:
    api.v1.charges.create(params=CHARGE)

    assert testing.deliver(lambda body, headers: status) == 1

    assert (Delivery.objects.get().state, Attempt.objects.get().status) == (state, status)


def test_time_is_only_let_pass_as_far_as_asked(api: stripe.StripeClient) -> None:
    api.v1.charges.create(params=CHARGE | {"source": "tok_createDispute"})
    seen: list[bytes] = []

    def post(body: bytes, headers: dict[str, str]) -> int:
        seen.append(body)
        return 200

    assert testing.deliver(post) == 1
    assert testing.deliver(post, ahead=5) == 2
    assert b"charge.dispute.created" in seen[1]


def test_a_fault_that_there_is_not_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="'explode' is no fault; there are 500, 429,"):
        testing.fault("explode")


def test_a_session_is_paid_with_a_good_card_unless_another_is_given(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session())

    assert testing.pay(client.post, made.url, cardNumber="4000000000000002").status_code == 402
    assert testing.pay(client.post, made.url).status_code == 303
