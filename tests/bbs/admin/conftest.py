"""Who works in the admin, and on what."""

from __future__ import annotations

import pytest
from django.test import Client

from bbs.models import Payment
from tests.stage.people import VISA, Visitor


@pytest.fixture
def staff(admin_client: Client) -> Client:
    return admin_client


@pytest.fixture
def payment(mike: Visitor, webhooks) -> Payment:
    mike.pay_on_stripes_page(mike.post("/checkout/", {"order": mike.see_order()}), VISA)
    webhooks()
    return Payment.objects.get()
