"""Payments on the dashboard, and what a person does to them there."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.testing import drain, pay
from tests.stripe_sandbox.stage.calls import CHARGE, session

pytestmark = pytest.mark.django_db(databases="__all__")


def test_both_kinds_of_payment_are_listed_with_their_state(api: stripe.StripeClient, client: Client) -> None:
    charge = api.v1.charges.create(params=CHARGE)
    api.v1.refunds.create(params={"charge": charge.id, "amount": 500})
    pay(client.post, api.v1.checkout.sessions.create(params=session()).url)
    intent = api.v1.payment_intents.list().data[0]

    page = client.get("/sandbox/").content.decode()

    assert charge.id in page
    assert intent.id in page
    assert intent.latest_charge not in page


def test_a_payment_is_shown_with_all_that_belongs_to_it(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session())
    pay(client.post, made.url)
    intent = api.v1.payment_intents.list().data[0]
    refund = api.v1.refunds.create(params={"payment_intent": intent.id})

    page = client.get(f"/sandbox/payments/{intent.id}/").content.decode()

    for sid in (made.id, intent.latest_charge, refund.id, "checkout.session.completed", "charge.refunded"):
        assert sid in page
    assert page.index(">payment_intent.succeeded<") < page.index(">payment_intent.created<")
    assert "the order of events is not guaranteed" in page


def test_a_payment_is_refunded_once(api: stripe.StripeClient, client: Client) -> None:
    charge = api.v1.charges.create(params=CHARGE)

    first, second = (client.post(f"/sandbox/payments/{charge.id}/act/", {"action": "refund"}) for _ in range(2))

    assert api.v1.charges.retrieve(charge.id).refunded
    assert first["Location"] == f"/sandbox/payments/{charge.id}/"
    assert second["Location"] == f"/sandbox/payments/{charge.id}/?problem=refused"
    assert len(api.v1.refunds.list().data) == 1


def test_a_disputed_payment_is_not_refunded_here(api: stripe.StripeClient, client: Client) -> None:
    charge = api.v1.charges.create(params=CHARGE | {"source": "tok_createDispute"})
    drain(ahead=5)

    answer = client.post(f"/sandbox/payments/{charge.id}/act/", {"action": "refund"})

    assert answer["Location"].endswith("?problem=refused")
    assert api.v1.refunds.list().data == []


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("voucher_paid", "paid", "checkout.session.async_payment_succeeded"),
        ("voucher_expired", "unpaid", "checkout.session.async_payment_failed"),
    ],
)
def test_a_voucher_is_paid_or_left(
    action: str, status: str, kind: str, api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.checkout.sessions.create(params=session())
    pay(client.post, made.url, paymentMethod="konbini", email="fill_never@b.example")
    intent = api.v1.payment_intents.list().data[0]

    client.post(f"/sandbox/payments/{intent.id}/act/", {"action": action})

    assert api.v1.checkout.sessions.retrieve(made.id).payment_status == status
    assert kind in [event.type for event in api.v1.events.list().data]


def test_what_is_no_payment_is_not_found(client: Client) -> None:
    page = client.get("/sandbox/payments/pi_x/")

    assert page.status_code == 404
    assert "There is no such page in this sandbox." in page.content.decode()
    assert 'href="/sandbox/">Sandbox dashboard</a>' in page.content.decode()
    assert client.post("/sandbox/payments/pi_x/act/", {"action": "refund"}).status_code == 404
