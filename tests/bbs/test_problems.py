"""Pages for what went wrong: each says so, and nothing is created, charged or lost."""

from __future__ import annotations

import logging

import pytest
import stripe
from django.test import Client
from django.utils import translation

from bbs import problems
from bbs.models import Payment, Topic
from bbs.payments.client import NotUnderstood
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

    assert response.status_code == 413
    assert "The request was too large. Nothing was changed." in response.content.decode()
    assert client.get("/").status_code == 200


def test_ten_megabytes_of_webhook_are_refused(client: Client) -> None:
    response = client.post("/webhook/", b"x" * 10_000_000, content_type="application/json")

    assert response.status_code == 413


def test_a_script_that_prefers_json_is_refused_in_json(client: Client) -> None:
    form = "application/x-www-form-urlencoded"

    response = client.post("/create-checkout-session/", b"\xff", form, headers={"Accept": "application/json"})

    assert response.status_code == 400
    assert response.json() == {"error": {"message": "The request could not be understood. Nothing was changed."}}


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
        (stripe.APIError("x", http_status=503), 503),
        (NotUnderstood("x"), 502),
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
        assert "It is not confirmed yet" in problems.stripe_text(error, order)


ERRORS = [
    (stripe.APIConnectionError("x"), "Stripe cannot be reached", "Stripe に接続できません"),
    (stripe.APIError("x", http_status=503), "Stripe cannot be reached", "Stripe に接続できません"),
    (stripe.RateLimitError("x"), "Stripe received too many requests from us", "Stripe への要求が集中しています"),
    (stripe.AuthenticationError("x"), "Stripe denied our access", "Stripe へのアクセスが拒否されました"),
    (stripe.PermissionError("x"), "Stripe denied our access", "Stripe へのアクセスが拒否されました"),
    (
        stripe.InvalidRequestError("x", None),
        "Stripe does not accept our request",
        "Stripe が当サイトの要求を受け付けませんでした",
    ),
    (stripe.CardError("x", None, None), "Stripe declined the payment", "Stripe がお支払いを承認しませんでした"),
    (
        stripe.APIError("x", http_status=409),
        "Stripe is still working on an earlier request",
        "Stripe が先の要求を処理しています",
    ),
    (stripe.APIError("x", http_status=500), "Stripe reported an internal error", "Stripe でエラーが発生しました"),
    (NotUnderstood("x", http_status=200), "Stripe's response could not be read", "Stripe の応答を読み取れませんでした"),
]


@pytest.mark.parametrize(("error", "english", "japanese"), ERRORS)
def test_what_stripe_answered_is_said_as_it_was_in_both_languages(error, english: str, japanese: str) -> None:
    for language, title in (("en", english), ("ja", japanese)):
        with translation.override(language):
            assert problems.stripe_title(error) == title
            assert title in problems.stripe_news(error)


@pytest.mark.parametrize(
    ("address", "form", "line"),
    [
        ("/", {}, "Bad Request (comment: required, form_id: required): /"),
        (
            "/checkout/",
            {"order": "x"},
            "Bad Request (This order form was changed, or it is not from this site. Nothing was charged.): /checkout/",
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
