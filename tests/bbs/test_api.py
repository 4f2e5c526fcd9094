"""JSON for other front ends: what they may know, order, and look at."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from bbs.models import Payment
from bbs.payments.order import Order
from tests.stage.people import Visitor
from tests.stage.stories import nothing_was_created

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


def test_scripts_get_the_session_and_its_address_as_json(mike: Visitor) -> None:
    mike.get("/")
    accept = {"Accept": "application/json"}

    answer = mike.post("/create-checkout-session", {"product": "sunglass-101", "quantity": "2"}, headers=accept).json()

    payment = Payment.objects.get()
    assert answer == {"sessionId": payment.checkout_session_id, "url": answer["url"]}
    assert "/c/pay/cs_test_" in answer["url"]
    session = mike.get(f"/checkout-session?sessionId={answer['sessionId']}").json()
    assert (session["status"], session["payment_status"], session["amount_total"], session["currency"]) == (
        "open",
        "unpaid",
        4000,
        "usd",
    )


def test_a_form_post_without_a_product_buys_one_of_the_first(mike: Visitor) -> None:
    mike.get("/")

    page = mike.post("/create-checkout-session/", {})

    assert "/c/pay/cs_test_" in page.url
    assert (Payment.objects.get().product.slug, Payment.objects.get().quantity) == ("t-shirt", 1)


def test_the_config_gives_a_front_end_what_is_public(mike: Visitor, settings) -> None:
    assert mike.get("/config").json() == mike.get("/config/").json()
    assert mike.get("/config/").json() == {
        "publicKey": settings.STRIPE_PUBLISHABLE_KEY,
        "flow": "modern",
        "unitAmount": 2000,
        "currency": "jpy",
    }


def as_json(client: Client, content: object, **headers: str):
    """Post JSON as a script does that reads nothing else."""
    body = content if isinstance(content, str) else json.dumps(content)
    headers = {"Accept": "application/json", **headers}
    return client.post("/create-checkout-session/", body, "application/json", headers=headers)


def test_an_order_may_be_sent_as_json(client: Client, products) -> None:
    answer = as_json(client, {"product": "sunglass-101", "quantity": 2})

    payment = Payment.objects.get()
    assert (answer.status_code, answer.json()["sessionId"]) == (200, payment.checkout_session_id)
    assert (payment.product.slug, payment.quantity, payment.amount) == ("sunglass-101", 2, 4000)


def test_json_without_a_wish_buys_one_of_the_first(client: Client, products) -> None:
    as_json(client, {})

    assert (Payment.objects.get().product.slug, Payment.objects.get().quantity) == ("t-shirt", 1)


def test_a_signed_order_may_be_sent_as_json_and_is_one_payment(client: Client, products) -> None:
    order = Order(products["t-shirt"], 3, "modern", 2000, "jpy")

    first, again = (as_json(client, {"order": order.signed}).json() for _ in range(2))

    assert first == again
    assert (Payment.objects.get().pk, Payment.objects.get().amount) == (order.reference, 6000)


@pytest.mark.parametrize(
    "body",
    ["[" * 1000 + "]" * 1000, '{"a":' * 100_000, r'{"order": "\ud800:a:b"}', r'{"\udfff": 1}'],
    ids=["deep", "deeper", "surrogate", "surrogate name"],
)
def test_json_that_python_cannot_hold_is_refused(client: Client, products, body: str) -> None:
    answer = as_json(client, body)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("The order is not a JSON object")
    assert not Payment.objects.exists()


@pytest.mark.parametrize("body", ["{", "[]", "null", '"t-shirt"', "3"])
def test_json_that_is_no_object_is_refused(client: Client, products, body: str) -> None:
    answer = as_json(client, body)

    assert (answer.status_code, answer.json()) == (
        400,
        {"error": {"message": "The order is not a JSON object. Nothing was ordered."}},
    )
    assert nothing_was_created()


@pytest.mark.parametrize("quantity", [0, 11, 1.5, True, None, [1]])
def test_a_quantity_of_another_kind_is_refused_in_json_too(client: Client, products, quantity: object) -> None:
    answer = as_json(client, {"quantity": quantity})

    assert answer.status_code == 400
    assert "whole number from 1 to 10" in answer.json()["error"]["message"]
    assert nothing_was_created()


def test_an_order_of_the_legacy_flow_has_no_session(client: Client, products) -> None:
    answer = as_json(client, {"order": Order(products["t-shirt"], 1, "legacy", 2000, "jpy").signed})

    assert answer.status_code == 400
    assert "to be paid in the other flow" in answer.json()["error"]["message"]
    assert nothing_was_created()


def test_a_script_without_a_csrf_token_gets_json(products) -> None:
    answer = as_json(Client(enforce_csrf_checks=True), {})

    assert answer.status_code == 403
    assert "load the page" in answer.json()["error"]["message"]


def test_a_session_is_shown_to_the_browser_that_made_it_alone(client: Client, products) -> None:
    session_id = as_json(client, {}).json()["sessionId"]

    assert client.get("/checkout-session/", {"sessionId": session_id}).json()["id"] == session_id
    for stranger in (Client(), Client()):
        answer = stranger.get("/checkout-session/", {"sessionId": session_id})
        assert (answer.status_code, answer.json()) == (
            404,
            {"error": {"message": "This browser has no such Checkout Session."}},
        )


@pytest.mark.parametrize("query", [{}, {"sessionId": ""}, {"sessionId": "cs_test_none"}])
def test_a_session_that_is_none_is_not_found(client: Client, products, query: dict[str, str]) -> None:
    as_json(client, {})

    assert client.get("/checkout-session/", query).status_code == 404


def test_a_session_that_stripe_cannot_be_asked_about_is_a_503(client: Client, products, settings) -> None:
    session_id = as_json(client, {}).json()["sessionId"]
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"

    answer = client.get("/checkout-session/", {"sessionId": session_id})

    assert answer.status_code == 503
    assert "try again" in answer.json()["error"]["message"]


def test_the_config_of_a_board_that_sells_nothing_has_no_price(client: Client) -> None:
    assert client.get("/config/").json()["unitAmount"] is None


def test_the_config_names_the_visitors_own_flow(client: Client, products) -> None:
    client.post("/flow/", {"flow": "legacy"})

    assert client.get("/config/").json()["flow"] == "legacy"
