"""The signed order: whatever else comes in its place is refused, and nothing is created."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.core import signing
from django.test import Client

from bbs.models import Product
from bbs.payments.order import Order, OrderRefused
from tests.stage.stories import nothing_was_created

pytestmark = pytest.mark.django_db(databases="__all__")


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


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_product_that_was_deleted_since_the_form_was_shown_is_refused(client: Client, products, flow: str) -> None:
    signed = Order(products["t-shirt"], 1, flow, 2000, "jpy").signed
    products["t-shirt"].delete()

    response = client.post("/checkout/", {"order": signed, "stripeToken": "tok_visa"})

    assert response.status_code == 400
    assert "no longer sold" in response.content.decode()
    assert nothing_was_created()


def test_an_order_comes_out_of_its_form_as_it_went_in(products) -> None:
    order = Order(products["sunglass-101"], 3, "legacy", 2000, "usd")

    assert Order.from_signed(order.signed) == order
    assert (order.amount, order.total) == (6000, "$60.00")


def test_an_order_of_23_hours_is_still_good(products) -> None:
    with time_machine.travel("2026-11-20 12:00+09:00"):
        order = Order(products["t-shirt"], 1, "modern", 2000, "jpy")
        signed = order.signed
    with time_machine.travel("2026-11-21 11:59+09:00"):
        assert Order.from_signed(signed) == order


def test_an_order_is_another_one_when_it_is_made_afresh_and_the_same_when_it_is_tried_again(products, payment) -> None:
    order = Order(products["t-shirt"], 1, "modern", 2000, "jpy")

    assert order.afresh().reference != order.reference
    assert (order.afresh().product, order.afresh().amount) == (order.product, order.amount)
    assert Order.of(payment).reference == payment.reference


def test_where_nothing_is_for_sale_nothing_can_be_ordered() -> None:
    with pytest.raises(OrderRefused, match="Nothing is for sale"):
        Order.choose([], None, None, "modern")
