"""What staff change of what visitors see and buy."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from bbs.models import Product, Topic

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


def test_topics_are_hidden_and_restored_in_the_admin(staff: Client) -> None:
    topic = Topic.objects.create(comment="rude")
    chosen = {"_selected_action": [topic.pk]}

    staff.post("/admin/bbs/topic/", {"action": "hide", **chosen})
    assert "rude" not in staff.get("/").content.decode()

    staff.post("/admin/bbs/topic/", {"action": "restore", **chosen})
    assert "rude" in staff.get("/").content.decode()


def test_a_price_is_changed_in_the_admin_and_a_price_of_nothing_is_refused(staff: Client, products) -> None:
    address = f"/admin/bbs/product/{products['t-shirt'].pk}/change/"
    fields = {
        "slug": "t-shirt", "name_ja": "シャツ", "name_en": "Shirt", "currency": "jpy", "position": "1", "active": "on",
    }  # fmt: skip

    assert staff.post(address, fields | {"unit_amount": "0"}).status_code == 200
    assert Product.objects.get(slug="t-shirt").unit_amount == 2000
    assert staff.post(address, fields | {"unit_amount": "2,500"}).status_code == 302
    assert "¥2,500" in staff.get("/").content.decode()


@pytest.mark.parametrize(
    ("currency", "price", "amount"),
    [
        ("usd", "20", 2000),
        ("usd", "20.00", 2000),
        ("jpy", "500", 500),
        ("ugx", "5,000", 500000),
        ("kwd", "1.23", 1230),
    ],
)
def test_a_price_is_typed_and_shown_in_the_main_unit_of_the_currency_beside_it(
    staff: Client, products, currency: str, price: str, amount: int
) -> None:
    product = products["sunglass-101" if currency == "jpy" else "t-shirt"]  # the currency changes with the price
    address = f"/admin/bbs/product/{product.pk}/change/"
    fields = {"slug": product.slug, "name_ja": "シャツ", "name_en": "Shirt", "position": "1", "active": "on"}

    assert staff.post(address, fields | {"currency": currency, "unit_amount": price}).status_code == 302

    product.refresh_from_db()
    assert (product.currency, product.unit_amount) == (currency, amount)
    shown = staff.get(address).context["adminform"].form["unit_amount"].value()
    assert staff.post(address, fields | {"currency": currency, "unit_amount": shown}).status_code == 302
    product.refresh_from_db()
    assert product.unit_amount == amount
    assert product.price in staff.get("/admin/bbs/product/").content.decode()


@pytest.mark.parametrize(
    ("currency", "price", "field", "said"),
    [
        ("jpy", "0.5", "unit_amount", "JPY has no decimals: enter a whole number, such as 500."),
        ("usd", "0.49", "unit_amount", "Stripe's minimum in this currency is $0.50."),
        ("usd", "100,000.00", "unit_amount", "The amount must be at most $99,999.99."),
        ("ugx", "10.5", "unit_amount", "Stripe accepts UGX only in steps of UGX\N{NO-BREAK SPACE}1."),
        ("xyz", "10", "currency", "Stripe does not charge in “xyz”: use a code from docs.stripe.com/currencies."),
        ("", "10", "currency", "This field is required."),
    ],
)
def test_a_price_that_stripe_would_refuse_is_refused_once_and_beside_its_field(
    staff: Client, products, currency: str, price: str, field: str, said: str
) -> None:
    product = products["t-shirt"]
    fields = {"slug": product.slug, "name_ja": "シャツ", "name_en": "Shirt", "position": "1", "active": "on"}

    page = staff.post(f"/admin/bbs/product/{product.pk}/change/", fields | {"currency": currency, "unit_amount": price})

    assert page.context["adminform"].form.errors == {field: [said]}
    product.refresh_from_db()
    assert (product.currency, product.unit_amount) == ("jpy", 2000)


def test_who_may_only_look_at_products_reads_prices_and_no_integers(client: Client, products) -> None:
    looks = User.objects.create_user("looks", is_staff=True)
    looks.user_permissions.add(Permission.objects.get(codename="view_product"))
    client.force_login(looks)

    page = client.get(f"/admin/bbs/product/{products['sunglass-101'].pk}/change/").content.decode()

    assert "$20.00" in page
    assert ">2000<" not in page
