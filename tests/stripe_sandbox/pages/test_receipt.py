"""The receipt that a charge leads to."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import stripe
from django.test import Client

from stripe_sandbox.models import StripeObject
from tests.stripe_sandbox.stage.calls import CHARGE

pytestmark = pytest.mark.django_db(databases="__all__")


def test_it_shows_what_was_paid_and_what_was_given_back(api: stripe.StripeClient, client: Client) -> None:
    charge = api.v1.charges.create(params=CHARGE)
    api.v1.refunds.create(params={"charge": charge.id, "amount": 500})

    page = client.get(urlsplit(charge.receipt_url).path).content.decode()

    for text in ("¥2,000", "¥500", "4242", " JST<"):
        assert text in page


def test_a_declined_charge_has_none(api: stripe.StripeClient, client: Client) -> None:
    with pytest.raises(stripe.CardError):
        api.v1.charges.create(params=CHARGE | {"source": "tok_chargeDeclined"})

    failed = StripeObject.objects.get(kind="charge").sid

    assert client.get(f"/sandbox/receipts/{failed}/").status_code == 404
    assert client.get("/sandbox/receipts/ch_x/").status_code == 404
