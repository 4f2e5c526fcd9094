"""Each row of bad input gets a clear answer, and nothing is created, charged or lost."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.core import signing
from django.test import Client

from bbs.models import HistoryEntry, Payment, Product, Topic
from bbs.payments.order import Order

pytestmark = pytest.mark.django_db(databases="__all__")


def nothing_was_created() -> bool:
    return not (
        Payment.objects.exists() or HistoryEntry.objects.exists() or Topic.objects.filter(payment__isnull=False)
    )


QUANTITIES = ["0", "-1", "11", "1e3", "", " 1", "1.0", "01", "１", "a"]


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("ask", ["get", "form", "json"])
def test_a_quantity_that_is_not_one_to_ten_is_refused(client: Client, products, quantity: str, ask: str) -> None:
    if ask == "get":
        response = client.get("/", {"quantity": quantity})
    else:
        accept = "application/json" if ask == "json" else "text/html"
        response = client.post("/create-checkout-session/", {"quantity": quantity}, headers={"Accept": accept})

    assert response.status_code == 400
    assert "whole number from 1 to 10" in response.content.decode()
    assert nothing_was_created()


def test_an_unknown_product_is_refused(client: Client, products) -> None:
    for response in (
        client.get("/", {"product": "yacht"}),
        client.post("/create-checkout-session/", {"product": "yacht"}),
    ):
        assert response.status_code == 400
        assert "We do not sell that" in response.content.decode()
    assert nothing_was_created()


def test_a_product_that_is_sold_no_more_is_refused(client: Client, products) -> None:
    order = Order(products["t-shirt"], 1, "modern", 2000, "jpy")
    Product.objects.filter(slug="t-shirt").update(active=False)

    response = client.post("/checkout/", {"order": order.signed})

    assert response.status_code == 400
    assert "no longer sold" in response.content.decode()
    assert nothing_was_created()


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_an_order_that_was_tampered_with_is_refused(client: Client, products, flow: str) -> None:
    signed = Order(products["t-shirt"], 1, flow, 2000, "jpy").signed
    forged = signing.dumps(
        [products["t-shirt"].pk, 1, flow, 1, "jpy", str(uuid.uuid4())], key="another key", salt="bbs.order"
    )

    for value in ("", "x", signed[:-1], signed.replace(signed[0], "A", 1) + "A", forged, "A" * 100_000):
        response = client.post("/checkout/", {"order": value, "stripeToken": "tok_visa"})
        assert response.status_code == 400, value[:80]
        assert "not ours" in response.content.decode()
    assert nothing_was_created()


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_an_order_form_of_yesterday_is_refused(client: Client, products, flow: str) -> None:
    with time_machine.travel("2026-11-20 12:00+09:00"):
        signed = Order(products["t-shirt"], 1, flow, 2000, "jpy").signed
    with time_machine.travel("2026-11-21 12:01+09:00"):
        response = client.post("/checkout/", {"order": signed, "stripeToken": "tok_visa"})

    assert response.status_code == 400
    assert "more than a day old" in response.content.decode()
    assert nothing_was_created()


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_price_that_changed_since_the_form_was_shown_is_not_charged(client: Client, products, flow: str) -> None:
    signed = Order(products["t-shirt"], 1, flow, 2000, "jpy").signed
    Product.objects.filter(slug="t-shirt").update(unit_amount=2500)

    response = client.post("/checkout/", {"order": signed, "stripeToken": "tok_visa"})

    assert response.status_code == 400
    assert "¥2,500" in response.content.decode()
    assert nothing_was_created()


@pytest.mark.parametrize("path", ["/", "/checkout/", "/create-checkout-session/", "/flow/", "/i18n/setlang/"])
@pytest.mark.parametrize("token", [None, "x", "A" * 64])
def test_a_form_without_a_good_csrf_token_gets_a_page_that_says_so(products, path: str, token: str | None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/")

    response = client.post(path, {"comment": "x"} | ({"csrfmiddlewaretoken": token} if token else {}))

    assert response.status_code == 403
    assert "Please load the page again" in response.content.decode()
    assert Topic.objects.exclude(comment="").count() == 5
    assert nothing_was_created()


WRONG_METHODS = {
    "/": ["put", "delete"],
    "/checkout/": ["put", "delete"],
    "/success/": ["post"],
    "/canceled/": ["post"],
    "/payments/0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f/": ["put"],
    "/config/": ["post"],
    "/create-checkout-session/": ["get", "put"],
    "/checkout-session/": ["post"],
    "/webhook/": ["get"],
    "/flow/": ["get"],
    "/healthz": ["post"],
}


@pytest.mark.parametrize(("path", "method"), [(path, method) for path, ms in WRONG_METHODS.items() for method in ms])
def test_a_wrong_method_is_answered_405(client: Client, path: str, method: str) -> None:
    assert getattr(client, method)(path).status_code == 405


def test_a_megabyte_of_comment_is_refused_with_a_form_error(client: Client) -> None:
    response = client.post("/", {"comment": "あ" * 350_000, "form_id": str(uuid.uuid4())})

    assert response.status_code == 400
    assert "2000 are the most" in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/checkout/", "/create-checkout-session/"])
def test_ten_megabytes_are_refused(client: Client, path: str) -> None:
    response = client.post(path, {"comment": "x" * 10_000_000, "order": "x"})

    assert response.status_code in (400, 413)
    assert client.get("/").status_code == 200


def test_ten_megabytes_of_webhook_are_refused(client: Client) -> None:
    response = client.post("/webhook/", b"x" * 10_000_000, content_type="application/json")

    assert response.status_code in (400, 413)


@pytest.mark.parametrize("body", [b"comment=\xff\xfe&form_id=", b"\xff\xfe\x00", b"comment=%FF%FE&form_id="])
def test_bytes_that_are_not_utf8_are_refused(client: Client, body: bytes) -> None:
    body += str(uuid.uuid4()).encode()

    response = client.post("/", body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert Topic.objects.count() == 0


@pytest.mark.parametrize(
    "address",
    [
        "/?before=%FF",
        "/?product=%FF%00",
        "/success/?session_id=%00",
        "/canceled/?payment=%FF",
        "/checkout-session/?sessionId=%00",
    ],
)
def test_addresses_that_are_no_text_do_no_harm(client: Client, products, address: str) -> None:
    assert client.get(address).status_code in (200, 302, 400, 404)


@pytest.mark.parametrize("address", ["/nothing/", "/payments/1/", "/payments/0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f/"])
def test_what_is_not_there_is_answered_404_by_a_page_of_ours(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


def test_the_flow_can_be_switched_only_to_one_there_is_and_only_where_allowed(client: Client, settings) -> None:
    assert client.post("/flow/", {"flow": "telepathy"}).status_code == 400
    assert client.post("/flow/", {"flow": "legacy", "next": "https://evil.example/"})["Location"] == "/"

    settings.PAYMENT_FLOW_SWITCHER = False

    assert client.post("/flow/", {"flow": "legacy"}).status_code == 400
    assert client.get("/").context["flow"] == "modern"
