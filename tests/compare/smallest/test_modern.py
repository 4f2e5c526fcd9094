"""After the migration: an order, a session and a redirect; and the webhook, which alone says that it is paid."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet
from django.test import Client, RequestFactory

from compare.smallest import modern
from compare.smallest.models import Order
from stripe_sandbox.testing import pay
from tests.stage.stripe_side import Delivery, signed_deliveries

pytestmark = pytest.mark.django_db(databases="__all__")


def start() -> str:
    """Press the button; return where it leads."""
    return modern.checkout(RequestFactory().post("/checkout/", {"amount": "1"})).headers["Location"]


def notify(deliveries: list[Delivery]) -> set[int]:
    """Post events to the webhook; return its statuses."""
    post = RequestFactory().post
    return {
        modern.webhook(post("/webhook/", body, "application/json", headers=headers)).status_code
        for body, headers in deliveries
    }


def test_an_order_is_paid_once_its_webhook_says_so_and_only_once(orders: QuerySet[Order], client: Client) -> None:
    page = start()
    pay(client.post, page)
    assert (orders.get().amount, orders.get().paid_at) == (30000, None)

    deliveries = signed_deliveries()
    assert notify(deliveries) == {200}
    paid_at = orders.get().paid_at
    assert notify(deliveries) == {200}

    assert paid_at is not None
    assert orders.get().paid_at == paid_at


def test_what_stripe_did_not_sign_is_refused(orders: QuerySet[Order], client: Client) -> None:
    pay(client.post, start())

    forged = [(body, headers | {"Stripe-Signature": "t=1,v1=00"}) for body, headers in signed_deliveries()]
    assert notify(forged) == notify([(b"{}", {})]) == {400}

    assert orders.get().paid_at is None


def test_a_session_that_is_paid_days_later_is_not_paid_yet(orders: QuerySet[Order], client: Client) -> None:
    pay(client.post, start(), paymentMethod="konbini")

    assert (notify(signed_deliveries()), orders.get().paid_at) == ({200}, None)
    assert notify(signed_deliveries(ahead=300)) == {200}
    assert orders.get().paid_at is not None
