"""A request about a payment is recorded once its answer was sent."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from urllib.parse import urlencode

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import resolve

from bbs.middleware import payment_context
from bbs.models import Payment
from bbs.payments.context import current_payment, set_payment, within_payment
from bbs.payments.order import Order
from compare.models import WireMessage
from compare.wire import gathering, middleware, recorder
from compare.wire.middleware import record_requests
from compare.wire.recorder import Recorded
from tests.compare.stage.messages import TIMING, call
from tests.compare.stage.recorded import pay, story

LIVE = pytest.mark.django_db(databases="__all__", transaction=True)


@LIVE
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


@LIVE
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


@LIVE
@pytest.mark.usefixtures("stored_at_once")
def test_a_view_that_fails_is_recorded_with_what_the_visitor_saw(hanako, monkeypatch) -> None:
    payment = pay(hanako, "modern")
    payment.messages.all().delete()
    monkeypatch.setattr(Payment, "history", None)

    assert hanako.get(payment.get_absolute_url()).status_code == 500

    assert story(payment) == [("visit", "GET", "/payments/<uuid>/", 500)]
    assert payment.messages.get().answer == {"page": "Something broke on our side"}


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[Recorded]:
    """What is handed over to be stored."""
    handed: list[Recorded] = []
    monkeypatch.setattr(recorder, "store", handed.extend)
    return handed


@pytest.fixture(autouse=True)
def connected() -> Iterator[None]:
    """Keep the connection, and the test's transaction, when a response is closed: as Django's test client does."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


def answered(
    response: HttpResponse, payment: uuid.UUID | None = None, path: str = "/checkout/", visitor: uuid.UUID | None = None
) -> HttpResponse:
    """Answer a request about a payment through the middleware; what made the answer also made a call."""

    def view(request: HttpRequest) -> HttpResponse:
        if payment:
            gathering.record_call(Recorded(payment, call(), TIMING))
        request.resolver_match = resolve(path)
        return response

    request = RequestFactory().post(path, "{}", "application/json")
    request.new_visitor = visitor
    with within_payment(payment):
        return record_requests(view)(request)


def test_a_request_is_stored_with_its_calls_when_its_response_is_closed(stored: list[Recorded]) -> None:
    payment = uuid.uuid4()
    response = answered(HttpResponse(), payment)
    before = list(stored)

    response.close()

    assert before == []
    request, made = stored
    assert (request.payment, request.message.kind, made.message) == (payment, "visit", call())
    assert request.message.response is response


def test_a_request_about_no_payment_is_not_stored(stored: list[Recorded]) -> None:
    response = answered(HttpResponse())

    response.close()

    assert stored == []
    assert "close" not in vars(response)


def test_of_a_request_about_no_payment_the_calls_about_one_are_stored(stored: list[Recorded]) -> None:
    made = Recorded(uuid.uuid4(), call(), TIMING)

    def view(request: HttpRequest) -> HttpResponse:
        gathering.record_call(made)
        return HttpResponse()

    record_requests(view)(RequestFactory().post("/admin/")).close()

    assert stored == [made]


def test_a_response_that_is_closed_twice_is_stored_once(stored: list[Recorded]) -> None:
    response = answered(HttpResponse(), uuid.uuid4())

    response.close()
    response.close()

    assert len(stored) == 2


def test_where_nothing_is_recorded_nothing_is_done(stored: list[Recorded], settings, monkeypatch) -> None:
    settings.RECORD_WIRE = False
    for name in ("Stopwatch", "gathering", "current_payment", "store_after"):
        monkeypatch.delattr(middleware, name)
    response, payment = HttpResponse(), uuid.uuid4()

    with within_payment(payment):
        assert record_requests(lambda request: response)(RequestFactory().get("/")) is response

    assert "close" not in vars(response)


@pytest.mark.parametrize(
    "streamed",
    [
        lambda: StreamingHttpResponse(iter([b"a", b"b"])),
        lambda: FileResponse(io.BytesIO(b"ab"), filename="invoice.pdf"),
        lambda: StreamingHttpResponse(iter([b"ab"]), content_type="application/json"),
    ],
    ids=["stream", "file", "JSON"],
)
def test_a_stream_about_a_payment_is_recorded_without_what_it_held(
    payment: Payment, caplog, streamed: Callable[[], HttpResponse]
) -> None:
    response = answered(streamed(), payment.pk, visitor=payment.visitor)

    assert b"".join(response) == b"ab"
    response.close()

    assert [(each.kind, each.status, each.answer) for each in payment.messages.order_by("-kind")] == [
        ("visit", 200, {}),
        ("call", 200, {}),
    ]
    assert not caplog.records


@pytest.mark.parametrize(
    ("path", "kind"), [("/webhook/", "webhook"), ("/webhook", "webhook"), ("/checkout/", "visit"), ("/", "visit")]
)
def test_a_webhook_is_distinguished_from_a_visit_with_and_without_the_slash(
    stored: list[Recorded], path: str, kind: str
) -> None:
    answered(HttpResponse(), uuid.uuid4(), path).close()

    assert stored[0].message.kind == kind


@pytest.mark.parametrize("error", [RuntimeError(), KeyboardInterrupt()], ids=lambda error: type(error).__name__)
def test_a_response_is_closed_even_where_storing_fails(monkeypatch, error: BaseException) -> None:
    def fail(recorded: list[Recorded]) -> None:
        raise error

    monkeypatch.setattr(recorder, "store", fail)
    file = io.BytesIO(b"ab")
    response = answered(FileResponse(file), uuid.uuid4())

    with pytest.raises(type(error)):
        response.close()

    assert file.closed
    assert response.closed


@pytest.mark.parametrize("fails", [False, True], ids=["answered", "failed"])
def test_after_a_request_nothing_is_about_its_payment_any_more(stored: list[Recorded], fails: bool) -> None:
    payment, seen = uuid.uuid4(), []

    def view(request: HttpRequest) -> HttpResponse:
        set_payment(payment)
        seen.append(current_payment())
        if fails:
            raise KeyError
        return HttpResponse()

    with pytest.raises(KeyError) if fails else nullcontext():
        payment_context(record_requests(view))(RequestFactory().get("/"))

    assert seen == [payment]
    assert current_payment() is None
    gathering.record_call(Recorded(payment, call(), TIMING))
    assert [each.message for each in stored] == [call()]  # at once, as outside of any request


def test_it_is_asked_after_the_middleware_that_says_which_payment_a_request_is_about(settings) -> None:
    names = settings.MIDDLEWARE

    assert names.index("bbs.middleware.payment_context") < names.index("compare.wire.middleware.record_requests")
