"""One price, wherever it is read: on the board, on Stripe's pages, in mails, in the admin, on the comparison pages."""

from __future__ import annotations

import re
from html import unescape

import pytest
import requests
import stripe
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import translation

from bbs import money, payments
from bbs.models import Payment, Product
from stripe_sandbox import money as stripes_money
from stripe_sandbox.errors import ApiError
from stripe_sandbox.resources import amounts
from tests.stage.people import VISA, Visitor
from tests.stage.stories import pay

# What a digit may be lost or added in: the smallest amounts, the largest price, and every digit another one.
EDGES = (0, 1, 9, 10, 99, 100, 101, 999, 1000, 1050, 123_456_789, 9_999_999, 99_999_999)


def test_both_tables_count_every_currency_alike() -> None:
    def counted(table: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, int]]:
        return {code: (rule.decimals, rule.step) for code, rule in table.items()}

    assert counted(money.CURRENCIES) == counted(stripes_money.CURRENCIES)
    for code, rule in money.CURRENCIES.items():
        assert rule.minimum == max(stripes_money.CURRENCIES[code].minimum, rule.step)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_shop_and_the_sandbox_write_every_amount_of_every_currency_alike(language: str) -> None:
    with translation.override(language):
        for currency in money.CURRENCIES:
            for amount in (*EDGES, stripes_money.CURRENCIES[currency].minimum):
                written = stripes_money.written(amount, currency, language)
                assert money.format_money(amount, currency) == written, (currency, amount)


@pytest.mark.parametrize("currency", ["jpy", "usd", "huf", "twd", "idr", "kwd", "ugx", "isk"])
def test_what_the_product_form_takes_is_what_stripe_takes(currency: str) -> None:
    for amount in (*EDGES[:-2], money.CURRENCIES[currency].minimum, 17_500, 1_999_050):
        try:
            money.refuse_price(amount, currency)
        except ValueError:
            with pytest.raises(ApiError):
                amounts.check_charge(amount, currency)
        else:
            if amount <= stripes_money.CURRENCIES[currency].maximum:
                amounts.check_charge(amount, currency)


@pytest.mark.django_db(databases="__all__", transaction=True)
@pytest.mark.parametrize(
    ("language", "currency", "amount", "price"),
    [
        ("en", "ugx", 500_000, "UGX 5,000"),
        ("ja", "huf", 1_999_050, "HUF 19,990.50"),
        ("en", "kwd", 1_230, "KWD 1.230"),
        ("ja", "jpy", 50, "￥50"),
        ("en", "usd", 9_999_999, "$99,999.99"),
    ],
)
def test_a_price_is_the_same_wherever_it_is_read(
    shop: str,
    admin_client: Client,
    mailoutbox: list[EmailMessage],
    settings,
    language: str,
    currency: str,
    amount: int,
    price: str,
) -> None:
    settings.LANGUAGE_CODE = language  # that of the mail to the staff
    Product.objects.exclude(slug="t-shirt").delete()
    Product.objects.update(currency=currency, unit_amount=amount)
    visitor = Visitor(shop, language)
    shown = {}

    def look(name: str, page: str) -> None:
        shown[name] = prices_in(page, currency)

    look("board", visitor.get("/").text)
    look("modern button", re.search(r'<button class="btn pay-button.*?</button>', visitor.get("/").text, re.DOTALL)[0])
    hosted = visitor.post("/checkout/", {"order": visitor.see_order()})
    look("Stripe's page", hosted.text)
    look("receipt", visitor.pay_on_stripes_page(hosted, VISA).text)
    look("mails", "".join(f"{mail.subject} {mail.body}" for mail in mailoutbox))
    modern = Payment.objects.get()
    session = visitor.get(f"/checkout-session/?sessionId={modern.checkout_session_id}").json()
    assert (session["amount_total"], session["currency"]) == (amount, currency)

    visitor.switch_flow("legacy")
    script = re.search(r'<script [^>]*class="stripe-button".*?>', visitor.get("/").text, re.DOTALL)[0]
    look("legacy button", script)
    wanted = dict(re.findall(r'data-(amount|currency|locale)="(.*?)"', script))
    look("dialog", visitor.get("/sandbox/checkout-dialog/", params=wanted).text)
    pay(visitor, "legacy")
    charge = stripe.Charge.retrieve(modern.charge_id)
    look("Stripe's receipt", requests.get(charge.receipt_url, headers={"Accept-Language": language}, timeout=10).text)
    look("Stripe's dashboard", visitor.get("/sandbox/").text)
    look("request log", visitor.get("/compare/wire/").text)
    assert visitor.get("/config/").json()["unitAmount"] == amount

    admin = {"HTTP_ACCEPT_LANGUAGE": language}
    look("products", admin_client.get("/admin/bbs/product/", **admin).content.decode())
    look("payments", admin_client.get("/admin/bbs/payment/", **admin).content.decode())
    look("payment", admin_client.get(f"/admin/bbs/payment/{modern.pk}/change/", **admin).content.decode())
    look("refund form", admin_client.get(f"/admin/bbs/payment/{modern.pk}/refund/", **admin).content.decode())
    payments.refund(modern)
    look("refunded", admin_client.get(f"/admin/bbs/payment/{modern.pk}/change/", **admin).content.decode())
    look("refunded receipt", visitor.get(modern.get_absolute_url()).text)

    assert {name: prices for name, prices in shown.items() if prices != {price}} == {}


def prices_in(page: str, currency: str) -> set[str]:
    """Return every amount of this currency that a reader of the page sees."""
    sign = {"jpy": "[¥￥]", "usd": r"\$"}.get(currency, f"{currency.upper()}\N{NO-BREAK SPACE}")
    return {found.replace("\N{NO-BREAK SPACE}", " ") for found in re.findall(rf"{sign}[\d,.]*\d", unescape(page))}
