"""The lab looks at both kinds of shop alike."""

from __future__ import annotations

import pytest
from django.utils import timezone

from bbs.models import Payment
from compare.content import content
from compare.lab.shops import SiteShop, shop_of


def test_a_rung_has_a_webhook_where_its_module_has_an_address_for_it() -> None:
    shops = {rung.id: shop_of(rung) for rung in content().ladder.rungs}

    without = [name for name, shop in shops.items() if not shop.has_webhook]
    assert without == ["legacy-1", "legacy-2", "modern-1", "modern-2", "modern-3"]
    assert [name for name, shop in shops.items() if isinstance(shop, SiteShop)] == ["legacy-5", "modern-6"]


@pytest.mark.django_db
def test_the_sites_shop_says_what_its_books_say(payment: Payment) -> None:
    shop = SiteShop()
    page = payment.get_absolute_url()
    assert (shop.books(), shop.paid_at(), shop.delivered(), shop.status(page)) == ([], None, 0, "pending")

    paid = {"paid_at": timezone.now(), "amount_refunded": 500, "charge_id": "ch_1"}
    paid |= {"mismatched": True, "status": "disputed"}
    Payment.objects.update(**paid)

    assert shop.books() == [payment.amount - 500]
    assert (shop.paid_at(), shop.status(page)) == (paid["paid_at"], "page")  # no scenario ends on one that is disputed
    assert shop.is_noted()
    assert shop.is_disputed()
    assert shop.status("/") is None
