"""Paying at a convenience store."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.testing import drain, pay
from tests.stripe_sandbox.stage.calls import session


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("email", "status", "event_type"),
    [
        ("succeed_immediately@b.example", "paid", "checkout.session.async_payment_succeeded"),
        ("me+expire_immediately@b.example", "unpaid", "checkout.session.async_payment_failed"),
        ("fill_never@b.example", "unpaid", "checkout.session.completed"),
    ],
)
def test_a_konbini_customer_pays_later_or_never(
    email: str, status: str, event_type: str, api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.checkout.sessions.create(params=session())

    answer = pay(client.post, made.url, paymentMethod="konbini", email=email)
    completed = api.v1.checkout.sessions.retrieve(made.id)
    drain(ahead=600)
    done = api.v1.checkout.sessions.retrieve(made.id)

    assert (answer.status_code, answer["Location"]) == (303, f"/sandbox/vouchers/{completed.payment_intent}/")
    assert (completed.status, completed.payment_status) == ("complete", "unpaid")
    assert done.payment_status == status
    assert event_type in [event.type for event in api.v1.events.list().data]
