"""What every request passes."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from bbs.middleware import payment_context
from bbs.models import Topic
from bbs.payments.context import current_payment, set_payment
from bbs.payments.order import Order
from bbs.visitor import COOKIE

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize("body", [b"comment=\xff\xfe&form_id=", b"\xff\xfe\x00", b"comment=%FF%FE&form_id="])
def test_bytes_that_are_not_utf8_are_refused(client: Client, body: bytes) -> None:
    body += str(uuid.uuid4()).encode()

    response = client.post("/", body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert Topic.objects.count() == 0


@pytest.mark.parametrize("charset", ["shift_jis", "utf-16", "latin-1", "none-such", "utf-7"])
@pytest.mark.parametrize("path", ["/", "/create-checkout-session/", "/webhook/"])
def test_another_charset_is_refused_whatever_it_would_say(client: Client, path: str, charset: str) -> None:
    response = client.generic("POST", path, b"comment=x", f"application/x-www-form-urlencoded; charset={charset}")

    assert response.status_code == 400
    assert "could not be understood" in response.content.decode()
    assert Topic.objects.count() == 0


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8"])
def test_utf8_that_says_so_is_read(client: Client, charset: str) -> None:
    body = urlencode({"comment": "はい", "form_id": str(uuid.uuid4())}).encode()

    response = client.post("/", body, f"application/x-www-form-urlencoded; charset={charset}")

    assert response.status_code == 302
    assert Topic.objects.get().comment == "はい"


def test_a_request_is_about_no_payment_of_the_one_before() -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current_payment())
        set_payment(uuid.uuid4())
        return HttpResponse()

    answer = payment_context(view)
    for _ in range(2):
        answer(RequestFactory().get("/"))

    assert seen == [None, None]
    assert current_payment() is None


def test_a_visitor_is_remembered_even_by_an_answer_that_tells_of_trouble(client: Client, products, settings) -> None:
    order = Order(products["t-shirt"], 1, "modern", 2000, "jpy")
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"

    response = client.post("/checkout/", {"order": order.signed})

    assert response.status_code == 503
    assert COOKIE in response.cookies
