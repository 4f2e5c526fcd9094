"""Pages for what went wrong: each says so, and nothing is created, charged or lost."""

from __future__ import annotations

import logging

import pytest
import stripe
from django.test import Client

from bbs import problems
from bbs.models import Payment, Topic
from bbs.payments.order import Order
from tests.stage.stories import nothing_was_created

pytestmark = pytest.mark.django_db(databases="__all__")


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


@pytest.mark.parametrize("path", ["/", "/checkout/", "/create-checkout-session/"])
def test_ten_megabytes_are_refused(client: Client, path: str) -> None:
    response = client.post(path, {"comment": "x" * 10_000_000, "order": "x"})

    assert response.status_code == 400
    assert client.get("/").status_code == 200


def test_ten_megabytes_of_webhook_are_refused(client: Client) -> None:
    response = client.post("/webhook/", b"x" * 10_000_000, content_type="application/json")

    assert response.status_code == 400


@pytest.mark.parametrize("address", ["/nothing/", "/payments/1/", "/payments/0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f/"])
def test_what_is_not_there_is_answered_404_by_a_page_of_ours(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


def test_a_host_that_is_not_ours_gets_a_page_that_says_that_nothing_was_changed(client: Client) -> None:
    response = client.get("/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert "Nothing was changed" in response.content.decode()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (stripe.APIConnectionError("x"), 503),
        (stripe.RateLimitError("x"), 503),
        (stripe.APIError("x"), 502),
        (stripe.AuthenticationError("x"), 502),
        (stripe.InvalidRequestError("x", None), 502),
    ],
    ids=lambda value: type(value).__name__,
)
def test_it_is_a_503_where_waiting_helps_and_a_502_where_it_does_not(error: stripe.StripeError, status: int) -> None:
    assert problems.stripe_status(error) == status


@pytest.mark.parametrize("begun", [{"token": "tok_1"}, {"checkout_session_id": "cs_1"}])
def test_once_a_card_may_have_been_charged_it_is_not_said_that_nothing_was(payment: Payment, begun) -> None:
    order, error = Order.of(payment), stripe.APIConnectionError("x")
    Payment.objects.update(token="", checkout_session_id=None)
    assert "Nothing was charged" in problems.stripe_text(error, order)

    Payment.objects.update(**begun)

    for error in (stripe.APIConnectionError("x"), stripe.InvalidRequestError("x", None)):
        assert "We do not know yet" in problems.stripe_text(error, order)


def test_what_is_logged_of_an_error_is_what_stripes_support_asks_for_and_no_sentence(caplog) -> None:
    error = stripe.InvalidRequestError(
        "No such customer: hanako@example.com",
        None,
        code="resource_missing",
        http_status=404,
        headers={"request-id": "req_1"},
    )

    problems.log_stripe_error(error, "ref_1")

    assert "payment=ref_1 stripe error InvalidRequestError http=404 request=req_1 code=resource_missing" in caplog.text
    assert "hanako" not in caplog.text


@pytest.mark.parametrize(
    ("address", "form", "line"),
    [
        ("/", {}, "Bad Request (comment: required, form_id: required): /"),
        (
            "/checkout/",
            {"order": "x"},
            "Bad Request (This order form was changed or is not ours. Nothing was charged.): /checkout/",
        ),
        ("/flow/", {"flow": "x"}, "Bad Request (The flow was not changed): /flow/"),
        (
            "/create-checkout-session/",
            {"quantity": "11"},
            "Bad Request (The quantity must be a whole number from 1 to 10. Nothing was ordered.): "
            "/create-checkout-session/",
        ),
    ],
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_what_is_refused_is_logged_once_with_its_reason_and_in_english(
    products, caplog, address: str, form: dict[str, str], line: str, accept: str
) -> None:
    client = Client(headers={"Accept-Language": "ja", "Accept": accept})

    with caplog.at_level(logging.INFO):
        assert client.post(address, form).status_code == 400

    assert [message for message in caplog.messages if address in message] == [line]


def test_a_form_from_an_unknown_address_is_logged_with_the_setting_that_may_be_wrong(caplog) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Origin": "https://shop.example"})

    assert client.post("/", {"comment": "x"}).status_code == 403

    assert (
        "Forbidden (Origin checking failed - https://shop.example does not match any trusted origins.): /"
        in caplog.text
    )
    assert "DJANGO_CSRF_TRUSTED_ORIGINS" in caplog.text


def test_a_form_without_a_token_is_logged_with_its_reason_and_no_setting(caplog) -> None:
    assert Client(enforce_csrf_checks=True).post("/", {"comment": "x"}).status_code == 403

    assert "Forbidden (CSRF cookie not set.): /" in caplog.text
    assert "DJANGO_" not in caplog.text


def test_an_unknown_host_is_logged_with_the_setting_that_may_be_wrong(client: Client, caplog) -> None:
    client.get("/", headers={"Host": "www.shop.example"})

    assert "Invalid HTTP_HOST header: 'www.shop.example'" in caplog.text
    assert "add it to DJANGO_ALLOWED_HOSTS" in caplog.text
