"""Where the shop's pages lead into the comparison, by the templates of its own that `compare` fills."""

from __future__ import annotations

import pytest
from django.test import Client

from bbs.models import Payment
from tests.stage.people import VISA, Visitor

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

PAYMENTS = "/admin/bbs/payment/"


@pytest.fixture
def payment(mike: Visitor) -> Payment:
    mike.pay_on_stripes_page(mike.post("/checkout/", {"order": mike.see_order()}), VISA)
    return Payment.objects.get()


def test_a_payment_leads_to_what_was_recorded_of_it(admin_client: Client, payment: Payment, settings) -> None:
    settings.RECORD_PUBLIC = False
    story = f"/compare/wire/{payment.pk}/"

    assert f'href="{story}"' in admin_client.get(f"{PAYMENTS}{payment.pk}/change/").content.decode()
    assert "/v1/checkout/sessions" in admin_client.get(story).content.decode()
