"""Events, as the API lists them."""

from __future__ import annotations

import pytest
import stripe

from stripe_sandbox.testing import deliver
from tests.stripe_sandbox.stage.calls import CHARGE

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        ({}, ["charge.refunded", "refund.created", "charge.succeeded"]),
        ({"type": "charge.refunded"}, ["charge.refunded"]),
        ({"type": "charge.*"}, ["charge.refunded", "charge.succeeded"]),
        ({"types": ["refund.created", "charge.succeeded"]}, ["refund.created", "charge.succeeded"]),
        ({"type": "customer.created"}, []),
    ],
)
def test_they_are_listed_by_type(wanted: dict[str, object], kinds: list[str], api: stripe.StripeClient) -> None:
    api.v1.refunds.create(params={"charge": api.v1.charges.create(params=CHARGE).id})

    assert [event.type for event in api.v1.events.list(params=wanted).data] == kinds


def test_they_are_listed_by_whether_every_endpoint_has_them(api: stripe.StripeClient) -> None:
    api.v1.charges.create(params=CHARGE)

    def delivered(yes: bool) -> int:
        return len(api.v1.events.list(params={"delivery_success": yes}).data)

    before = delivered(True), delivered(False)
    deliver(lambda body, headers: 200)

    assert (before, (delivered(True), delivered(False))) == ((0, 1), (1, 0))
