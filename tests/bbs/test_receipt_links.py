"""The signed address of a receipt: whose it is, how long it is good, and what else it is good for (nothing)."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from bbs import receipt_links
from bbs.models import Payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(payment: Payment) -> Payment:
    """A paid payment of a customer who gave an address."""
    payment.email, payment.status = "hanako@example.com", "paid"
    payment.paid_at, payment.charge_id = timezone.now(), "ch_1"
    payment.card_brand, payment.card_last4, payment.payment_method = "visa", "4242", "card"
    payment.save()
    return payment


def path_of(payment: Payment) -> str:
    url = receipt_links.signed_url(payment)
    assert url.startswith("http://localhost/payments/")
    return url.removeprefix(payment.origin)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["Paid ¥2,000", "T-shirt × 1", "Visa ···· 4242", " JST"]),
        ("ja", ["￥2,000 のお支払いが完了しました", "T-shirt × 1", "Visa ···· 4242", " JST"]),
    ],
)
def test_it_shows_the_receipt_in_any_browser_and_no_address_of_a_person(
    client: Client, paid: Payment, language: str, texts: list[str]
) -> None:
    page = client.get(path_of(paid), headers={"Accept-Language": language}).content.decode()

    assert [text for text in [*texts, str(paid.pk)] if text not in page] == []
    assert "hanako" not in page
    assert "example.com" not in page


def test_nothing_can_be_done_on_it_and_it_is_kept_by_no_cache_and_no_search_engine(
    client: Client, paid: Payment
) -> None:
    address = path_of(paid)

    answer = client.get(address)

    assert {"private", "no-store"} <= set(re.split(r",\s*", answer["Cache-Control"]))
    assert answer["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")
    main = answer.content.decode().partition("<main")[2]
    assert "<form" not in main
    assert client.post(address).status_code == 405
    assert "visitor" not in answer.cookies
    assert client.get(paid.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(("later", "status"), [({"days": 29, "hours": 23}, 200), ({"days": 30, "seconds": 2}, 404)])
def test_it_is_good_for_thirty_days(client: Client, paid: Payment, later: dict[str, int], status: int) -> None:
    address = path_of(paid)

    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(**later)):
        assert client.get(address).status_code == status


def test_one_that_we_did_not_sign_or_that_is_another_payments_leads_nowhere(client: Client, paid: Payment) -> None:
    other = Payment.objects.get(pk=paid.pk)
    other.pk, other.charge_id, other._state.adding = "0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f", "ch_2", True
    other.save()
    signature = path_of(paid).rstrip("/").rpartition("/")[2]
    elsewhere = signing.TimestampSigner(salt="another").sign(str(paid.pk)).partition(":")[2]

    for forged in (signature[:-1] + ("A" if signature[-1] != "A" else "B"), elsewhere, "x", ":", "1tABCD:é", "%20"):
        assert client.get(f"/payments/{paid.pk}/{forged}/").status_code == 404
    assert client.get(f"/payments/{other.pk}/{signature}/").status_code == 404


def test_it_leads_nowhere_while_nothing_is_paid(client: Client, payment: Payment) -> None:
    assert client.get(path_of(payment)).status_code == 404


def test_it_outlives_a_secret_that_is_rolled(client: Client, paid: Payment, settings) -> None:
    address = path_of(paid)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next one"

    assert client.get(address).status_code == 200

    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(address).status_code == 404
