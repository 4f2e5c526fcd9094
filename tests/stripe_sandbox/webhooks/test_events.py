"""Events record what happened, and nothing that was undone."""

from __future__ import annotations

import pytest
import stripe

from stripe_sandbox.models import Delivery, StripeObject
from tests.stripe_sandbox.stage.calls import CHARGE

database = pytest.mark.django_db(databases="__all__")


def charge(api: stripe.StripeClient) -> stripe.Charge:
    return api.v1.charges.create(params=CHARGE)


@database
def test_what_was_undone_has_no_event(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.charges.create(params={**CHARGE, "expand": ["colour"]})

    assert not StripeObject.objects.filter(kind__in=["event", "charge"]).exists()
    assert not Delivery.objects.exists()
