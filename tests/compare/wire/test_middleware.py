"""A request about a payment is recorded once its answer was sent."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from bbs.models import Payment
from bbs.payments.order import Order
from compare.models import WireMessage
from tests.stage.recorded import pay, story

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


def test_an_answer_is_sent_before_anything_of_it_is_stored(client, products) -> None:
    order = Order.choose([products["t-shirt"]], None, None, "modern").signed
    token = "t" * 32
    form = urlencode({"order": order, "csrfmiddlewaretoken": token}).encode()
    environ = RequestFactory().post("/checkout/", form, "application/x-www-form-urlencoded").environ
    environ |= {"HTTP_HOST": "localhost", "HTTP_COOKIE": f"csrftoken={token}"}
    stored_when_started = []

    answer = WSGIHandler()(environ, lambda status, headers: stored_when_started.append(WireMessage.objects.count()))
    sent = b"".join(answer)
    stored_when_sent = WireMessage.objects.count()
    answer.close()

    assert (stored_when_started, sent, stored_when_sent) == ([0], b"", 0)
    assert WireMessage.objects.count() == 2


@pytest.mark.usefixtures("stored_at_once")
def test_the_board_and_requests_about_no_payment_are_not_recorded(hanako, mike) -> None:
    payment = pay(hanako, "modern")
    before = WireMessage.objects.count()

    hanako.get("/")
    mike.get("/success/?session_id=cs_test_none")
    mike.get("/canceled/")
    mike.get(payment.get_absolute_url())
    mike.post("/checkout/", {"order": "tampered"})

    assert WireMessage.objects.count() == before


@pytest.mark.usefixtures("stored_at_once")
def test_a_view_that_fails_is_recorded_with_what_the_visitor_saw(hanako, monkeypatch) -> None:
    payment = pay(hanako, "modern")
    payment.messages.all().delete()
    monkeypatch.setattr(Payment, "history", None)

    assert hanako.get(payment.get_absolute_url()).status_code == 500

    assert story(payment) == [("visit", "GET", "/payments/<uuid>/", 500)]
    assert payment.messages.get().answer == {"page": "Something broke on our side"}
