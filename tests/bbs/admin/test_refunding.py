"""Giving money back in the admin: with a reason and a yes, and once for each form."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client

from bbs import payments
from bbs.models import Payment
from tests.stage.people import Visitor
from tests.stage.stories import pay

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)
PAYMENTS = "/admin/bbs/payment/"


def test_money_is_given_back_with_a_reason_and_a_yes_and_once_for_each_form(staff: Client, payment: Payment) -> None:
    address = f"{PAYMENTS}{payment.pk}/refund/"
    assert "Up to ¥2,000 can be refunded." in staff.get(address).content.decode()

    for wrong in (
        {"amount": "500", "reason": "duplicate", "refunded": "0"},
        {"amount": "2001", "reason": "duplicate", "refunded": "0", "confirmed": "on"},
        {"amount": "0.5", "reason": "duplicate", "refunded": "0", "confirmed": "on"},
    ):
        assert staff.post(address, wrong).status_code == 200
    assert stripe.Refund.list().data == []

    form = {"amount": "500", "reason": "duplicate", "refunded": "0", "confirmed": "on"}
    assert staff.post(address, form).status_code == 302
    again = staff.post(address, form, follow=True)
    assert "A refund was made after this form was shown" in again.content.decode()
    payment.refresh_from_db()
    assert (payment.status, payment.amount_refunded) == ("partially_refunded", 500)
    assert [(refund.amount, refund.reason) for refund in stripe.Refund.list()] == [(500, "duplicate")]
    assert "¥500 refunded. Reason: duplicate" in staff.get(f"{PAYMENTS}{payment.pk}/history/").content.decode()
    page = staff.get(f"{PAYMENTS}{payment.pk}/change/").content.decode()
    assert "¥500" in page
    assert "View on site" not in page
    assert ">None<" not in page


def test_a_refund_of_dollars_is_typed_in_dollars(staff: Client, mike: Visitor) -> None:
    pay(mike, "modern", product="sunglass-101")
    payment = Payment.objects.get()
    address = f"{PAYMENTS}{payment.pk}/refund/"
    assert 'value="20.00"' in staff.get(address).content.decode()

    form = {"amount": "5", "reason": "requested_by_customer", "refunded": "0", "confirmed": "on"}
    page = staff.post(address, form, follow=True).content.decode()

    refund = stripe.Refund.list().data[0]
    assert refund.amount == 500
    assert "$5.00 refunded." in page
    assert f"({refund.id})" in LogEntry.objects.get().change_message


def test_the_refund_form_is_laid_out_as_the_admin_does_and_can_be_left(staff: Client, payment: Payment) -> None:
    page = staff.get(f"{PAYMENTS}{payment.pk}/refund/").content.decode()

    assert "admin/css/forms.css" in page
    assert [name for name in ("amount", "reason", "confirmed") if f"field-{name}" not in page] == []
    assert "checkbox-row" in page
    assert f'<a class="closelink" href="{PAYMENTS}{payment.pk}/change/">Cancel</a>' in page


def test_where_nothing_is_left_there_is_no_form(staff: Client, payment: Payment) -> None:
    payments.refund(payment)

    page = staff.get(f"{PAYMENTS}{payment.pk}/refund/", follow=True)

    assert page.redirect_chain[0][0] == f"{PAYMENTS}{payment.pk}/change/"
    assert "Nothing is left to refund." in page.content.decode()


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_one_form_sent_six_times_at_once_is_one_refund_one_log_entry_and_one_message(
    staff: Client, mike: Visitor, shop: str, flow: str
) -> None:
    pay(mike, flow)
    address = f"{PAYMENTS}{Payment.objects.get().pk}/refund/"
    form = {"amount": "700", "reason": "duplicate", "refunded": "0", "confirmed": "on"}
    barrier = threading.Barrier(6)

    def send() -> str:
        browser = Visitor(shop, "en")
        browser.http.cookies.set("sessionid", staff.cookies["sessionid"].value, domain="localhost.local")
        browser.get(address)
        barrier.wait(30)
        return browser.post(address, form).text

    with ThreadPoolExecutor(6) as pool:
        pages = [sent.result() for sent in [pool.submit(send) for _ in range(6)]]

    said = [re.search(r'<ul class="messagelist">\s*<li class="(\w+)">(.*?)</li>', page, re.DOTALL) for page in pages]
    assert sorted(each[1] for each in said).count("success") == 1, [each[0] for each in said]
    assert {each[1] for each in said} <= {"success", "info", "warning"}
    assert [refund.amount for refund in stripe.Refund.list()] == [700]
    assert LogEntry.objects.count() == 1
    assert Payment.objects.get().amount_refunded == 700


def test_a_refund_that_stripe_cannot_be_asked_for_says_so(staff: Client, payment: Payment, settings) -> None:
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"

    form = {"amount": "500", "reason": "duplicate", "refunded": "0", "confirmed": "on"}
    page = staff.post(f"{PAYMENTS}{payment.pk}/refund/", form)

    assert page.status_code == 200
    assert "Unexpected error communicating with Stripe" in page.content.decode()


def test_giving_money_back_needs_its_own_permission(client: Client, payment: Payment) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_payment"))
    client.force_login(clerk)
    address = f"{PAYMENTS}{payment.pk}/refund/"

    assert client.get(f"{PAYMENTS}{payment.pk}/change/").status_code == 200
    assert "refund/" not in client.get(f"{PAYMENTS}{payment.pk}/change/").content.decode()
    assert client.get(address).status_code == 403
    assert client.post(address, {"amount": "500", "reason": "duplicate", "confirmed": "on"}).status_code == 403
    assert Payment.objects.get().amount_refunded == 0
