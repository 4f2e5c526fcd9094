"""`manage.py resend_event`."""

from __future__ import annotations

import pytest
import stripe
from django.core.management import CommandError, call_command

from stripe_sandbox.models import StripeObject
from stripe_sandbox.testing import signed_deliveries
from tests.stripe_sandbox.stage.calls import CHARGE

database = pytest.mark.django_db(databases="__all__")


def charge(api: stripe.StripeClient) -> stripe.Charge:
    return api.v1.charges.create(params=CHARGE)


@database
def test_an_event_is_sent_again_by_command(api: stripe.StripeClient) -> None:
    charge(api)
    list(signed_deliveries())
    event = StripeObject.objects.get(kind="event")

    call_command("resend_event", event.sid)

    ((body, _),) = signed_deliveries()
    assert event.sid in body.decode()
    with pytest.raises(CommandError, match="No such event: 'evt_x'"):
        call_command("resend_event", "evt_x")
