"""What a payment leaves behind for people: a mail with a receipt that opens anywhere, and a line in the Dashboard."""

from __future__ import annotations

import re

import pytest
import stripe
from django.utils import timezone

from bbs.models import Payment
from tests.stage.people import VISA, Visitor
from tests.stage.stories import FLOWS, pay, pay_unnoticed, send
from tests.stage.stripe_side import signed_deliveries

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.mark.parametrize("confirmed_by", ["the return page", "the webhook"])
@pytest.mark.parametrize("flow", FLOWS)
def test_the_customers_mail_says_when_and_how_it_was_paid_and_links_to_the_receipt(
    hanako: Visitor, mike: Visitor, webhooks, settings, mailoutbox, flow: str, confirmed_by: str
) -> None:
    if confirmed_by == "the webhook":
        pay_unnoticed(hanako, settings, flow)
        webhooks()
    else:
        pay(hanako, flow)

    body, payment = mailoutbox[0].body, Payment.objects.get()
    assert "支払い方法  Visa ···· 4242" in body
    assert f"{payment.paid_at.astimezone(timezone.get_default_timezone()):%Y年%-m月%-d日 %-H:%M} JST" in body
    link = re.search(rf"^{payment.origin}/payments/{payment.pk}/\S+/$", body, re.MULTILINE)
    assert "Paid ¥2,000" in mike.get(link[0]).text


@pytest.mark.parametrize("flow", FLOWS)
def test_the_mails_are_sent_without_the_payment_method_where_stripe_cannot_be_asked(
    hanako: Visitor, settings, mailoutbox, flow: str
) -> None:
    pay_unnoticed(hanako, settings, flow)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"

    assert 200 in send(signed_deliveries())

    assert Payment.objects.get().status == "paid"
    assert [mail.to for mail in mailoutbox] == [["hanako@example.com"], ["staff@localhost"]]
    assert ("Visa" in mailoutbox[0].body) == (flow == "legacy")


@pytest.mark.parametrize("flow", FLOWS)
def test_the_dashboard_shows_what_was_bought(hanako: Visitor, flow: str) -> None:
    pay(hanako, flow, quantity="2")

    assert [charge.description for charge in stripe.Charge.list()] == ["Tシャツ × 2"]
    intents = stripe.PaymentIntent.list().data
    assert [intent.description for intent in intents] == (["Tシャツ × 2"] if flow == "modern" else [])


def test_the_address_is_known_only_after_checkout(mike: Visitor) -> None:
    page = mike.post("/checkout/", {"order": mike.see_order()})
    session = stripe.checkout.Session.retrieve(Payment.objects.get().checkout_session_id)
    assert (session.customer_email, session.customer_details) == (None, None)

    mike.pay_on_stripes_page(page, VISA)

    assert Payment.objects.get().email == "hanako@example.com"
    assert stripe.Charge.list().data[0].receipt_email is None


def test_a_payment_at_the_store_says_so_on_its_receipt_and_in_the_mail(mike: Visitor, webhooks, mailoutbox) -> None:
    fields = {"paymentMethod": "konbini", "email": "succeed_immediately@example.com"}
    mike.pay_on_stripes_page(mike.post("/checkout/", {"order": mike.see_order()}), VISA, fields)

    webhooks(ahead=60)

    receipt = mike.get(Payment.objects.get().get_absolute_url()).text
    assert "Convenience store" in receipt
    assert "Payment code" not in receipt
    (mail,) = [mail for mail in mailoutbox if mail.subject.startswith("Thank you")]
    assert "With     Convenience store" in mail.body


@pytest.mark.parametrize("confirmed_by", ["the return page", "the webhook"])
def test_what_is_needed_to_pay_at_a_store_is_on_the_receipt_and_in_a_mail_without_asking_stripe_again(
    mike: Visitor, webhooks, mailoutbox, caplog, confirmed_by: str
) -> None:
    fields = {"paymentMethod": "konbini", "email": "fill_never@example.com"}
    voucher = mike.pay_on_stripes_page(mike.post("/checkout/", {"order": mike.see_order()}), VISA, fields)
    payment = Payment.objects.get()
    for _ in range(2):  # once is enough, and twice is no other mail
        if confirmed_by == "the webhook":
            webhooks()
        else:
            mike.get(f"/success/?session_id={payment.checkout_session_id}")

    caplog.clear()
    receipt = mike.get(payment.get_absolute_url()).text
    assert "stripe GET" not in caplog.text

    details = stripe.PaymentIntent.list().data[0].next_action.konbini_display_details
    assert "as Stripe's page described" not in receipt.replace("&#x27;", "'")
    (mail,) = mailoutbox
    assert mail.to == ["fill_never@example.com"]
    for text in (receipt, mail.body):
        assert f"{payment.pk}" in text
        assert details.hosted_voucher_url == voucher.url
        assert voucher.url in text
        assert "11:59 p.m. JST" in text
        for store in ("familymart", "lawson", "ministop", "seicomart"):
            assert details.stores[store].payment_code in text
            assert details.stores[store].confirmation_number in text
    assert voucher.url not in Visitor(mike.url, "en").get(f"/success/?session_id={payment.checkout_session_id}").text
