"""Of a real payment nothing private is stored, and nothing private is shown."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection

from bbs import payments
from bbs.receipt_links import signed_url
from compare.models import WireMessage
from stripe_sandbox import testing
from tests.compare.stage.recorded import addresses, assert_nothing_private, pay
from tests.stage.people import DECLINED

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.usefixtures("stored_at_once")]


def everything_stored() -> str:
    """Return every column of every row of the record as the database has it, but for its number and the clock's."""
    numbers = ("id", "started_at", "milliseconds")  # any of which may be the CVC by chance
    columns = [field.column for field in WireMessage._meta.fields if field.column not in numbers]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM bbs_wiremessage")  # noqa: S608
        return "\n".join(str(row) for row in cursor.fetchall()).replace("\\u2022", "•")


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_nothing_private_is_stored_in_any_column(hanako, shop, flow: str) -> None:
    signatures = []
    order = hanako.see_order()
    declined = pay(hanako, flow, DECLINED)
    payment = pay(hanako, flow)
    payments.refund(payment, 500)

    def post(body: bytes, headers: dict[str, str]) -> int:
        signatures.append(headers["Stripe-Signature"])
        return hanako.http.post(f"{shop}/webhook/", body, headers=headers).status_code

    testing.deliver(post)

    stored = everything_stored()
    assert WireMessage.objects.filter(kind="webhook", payment=payment).exists()
    assert WireMessage.objects.filter(payment=declined).exists()
    assert_nothing_private(stored, hanako, order, *signatures, *(s.rpartition("=")[2] for s in signatures))
    for sent in WireMessage.objects.filter(kind="visit", method="POST"):
        assert sent.parameters["order"] == sent.parameters["csrfmiddlewaretoken"] == "•••"
    if flow == "legacy":
        assert payment.token not in stored
        assert DECLINED not in stored


def test_a_receipt_opened_by_its_signed_address_is_not_recorded(hanako, mike) -> None:
    address = signed_url(pay(hanako, "modern"))

    assert mike.get(address).status_code == 200

    assert address.rstrip("/").rpartition("/")[2] not in everything_stored()


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_nothing_private_is_on_the_page_in_the_json_or_in_the_mermaid_text(hanako, shop, flow: str) -> None:
    signatures = []

    def post(body: bytes, headers: dict[str, str]) -> int:
        signatures.append(headers["Stripe-Signature"])
        return hanako.http.post(f"{shop}/webhook/", body, headers=headers).status_code

    order = hanako.see_order()
    payment = pay(hanako, flow)
    testing.deliver(post)

    for address in addresses(payment):
        shown = unescape(re.sub(r"<aside.*?</aside>", "", hanako.get(address).text, flags=re.DOTALL))
        # The page's own forms have their CSRF tokens, and the sandbox's notice its test card; neither is recorded.
        shown = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", shown)
        shown = re.sub(r"\d[\d.,]* ms|\d\d:\d\d:\d\d[.\d]*|[+]?[\d.]+ s", "", shown)
        assert_nothing_private(shown, hanako, order, *signatures, *(s.rpartition("=")[2] for s in signatures))
        assert payment.token == "" or payment.token not in shown
