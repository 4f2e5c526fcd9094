"""What is recorded of real payments, what of it is hidden, and that no payment is lost over it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connection
from django.test import RequestFactory

from bbs import payments
from bbs.models import Payment, Topic
from bbs.payments.order import Order
from compare.models import WireMessage
from compare.wire import masking, recorder
from stripe_sandbox import testing
from tests.stage.people import DECLINED, VISA
from tests.stage.recorded import assert_nothing_private, pay, story

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.fixture(autouse=True)
def found_at_once(request: pytest.FixtureRequest) -> None:
    """Store before the answer is sent, but in the test of when it is stored."""
    if "client" not in request.fixturenames:
        request.getfixturevalue("stored_at_once")


def everything_stored() -> str:
    """Return every column of every row of the record as the database has it, but for its number and the clock's."""
    numbers = ("id", "started_at", "milliseconds")  # any of which may be the CVC by chance
    columns = [field.column for field in WireMessage._meta.fields if field.column not in numbers]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM bbs_wiremessage")  # noqa: S608
        return "\n".join(str(row) for row in cursor.fetchall()).replace("\\u2022", "•")


def test_a_modern_payment_is_recorded_in_order_from_the_button_to_the_last_webhook(hanako, webhooks) -> None:
    payment = pay(hanako, "modern")
    webhooks()

    told = story(payment)

    assert told[:4] == [
        ("visit", "POST", "/checkout/", 303),
        ("call", "POST", "/v1/checkout/sessions", 200),
        ("visit", "GET", "/success/", 302),
        ("call", "GET", "/v1/checkout/sessions/<cs>", 200),
    ]
    receipt = told.index(("visit", "GET", "/payments/<uuid>/", 200))
    assert ("webhook", "POST", "/webhook/", 200) in told[receipt:]


def test_a_legacy_payment_is_recorded_in_order_too(hanako, webhooks) -> None:
    payment = pay(hanako, "legacy")
    webhooks()

    told = story(payment)

    assert told[:3] == [
        ("visit", "POST", "/checkout/", 303),
        ("call", "POST", "/v1/charges", 200),
        ("visit", "GET", "/payments/<uuid>/", 200),
    ]
    assert ("webhook", "POST", "/webhook/", 200) in told[3:]


def test_a_call_is_kept_with_its_parameters_answer_request_id_idempotency_key_and_time(hanako) -> None:
    payment = pay(hanako, "modern")

    call = payment.messages.get(method="POST", kind="call")

    assert call.parameters["line_items[0][price_data][unit_amount]"] == "2000"
    assert call.parameters["line_items[0][price_data][product_data][name]"] == "Tシャツ"
    assert call.parameters["client_reference_id"] == str(payment.pk)
    assert call.answer["object"] == "checkout.session"
    assert call.request_id.startswith("req_")
    assert call.idempotency_key == f"{payment.pk}:0:session"
    assert call.milliseconds > 0
    assert payment.created_at <= call.started_at <= payment.paid_at


def test_what_the_visitor_saw_and_where_they_were_sent_is_kept_and_no_page(hanako) -> None:
    payment = pay(hanako, "modern")

    pressed, returned, receipt = payment.messages.filter(kind="visit")

    assert pressed.answer["location"].endswith(f"/c/pay/{payment.checkout_session_id}#•••") or pressed.answer[
        "location"
    ].endswith(f"/c/pay/{payment.checkout_session_id}")
    assert returned.answer == {"location": payment.get_absolute_url()}
    assert receipt.answer == {"page": "✔ ￥2,000 のお支払いが完了しました"}


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


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_failing_record_loses_no_payment_and_says_so_in_the_log(
    hanako, webhooks, flow: str, caplog, monkeypatch
) -> None:
    def fail(*args: object) -> str:
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(masking, "text", fail)
    with caplog.at_level(logging.ERROR, "compare"):
        payment = pay(hanako, flow)
        webhooks(times=2)

    assert (payment.status, Topic.objects.filter(payment=payment).count()) == ("paid", 1)
    assert not WireMessage.objects.exists()
    assert "The disk is full." in caplog.text


@pytest.fixture
def no_table() -> Iterator[None]:
    """The record's table is not there."""
    with connection.schema_editor() as editor:
        editor.delete_model(WireMessage)
    yield
    with connection.schema_editor() as editor:
        editor.create_model(WireMessage)


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_payment_goes_on_when_the_database_refuses_the_record(hanako, webhooks, no_table, flow: str) -> None:
    payment = pay(hanako, flow)
    webhooks()

    assert payment.status == "paid"


def test_nothing_is_recorded_where_it_is_switched_off(hanako, webhooks, settings) -> None:
    settings.RECORD_WIRE = False

    assert pay(hanako, "modern").status == "paid"
    webhooks()

    assert not WireMessage.objects.exists()


def test_the_board_and_requests_about_no_payment_are_not_recorded(hanako, mike) -> None:
    payment = pay(hanako, "modern")
    before = WireMessage.objects.count()

    hanako.get("/")
    mike.get("/success/?session_id=cs_test_none")
    mike.get("/canceled/")
    mike.get(payment.get_absolute_url())
    mike.post("/checkout/", {"order": "tampered"})

    assert WireMessage.objects.count() == before


def test_another_visitors_requests_are_no_part_of_a_payments_story(hanako, mike) -> None:
    hanako.switch_flow("modern")
    order = hanako.see_order()
    hanako.post("/checkout/", {"order": order})
    payment = Payment.objects.get()
    mike.get("/")
    visits = payment.messages.filter(kind="visit").count()

    mike.post("/checkout/", {"order": order})
    mike.get(f"/success/?session_id={payment.checkout_session_id}")

    assert payment.messages.filter(kind="visit").count() == visits


def test_looking_for_one_charge_keeps_nothing_of_other_peoples(hanako, mike) -> None:
    other = pay(mike, "legacy")
    payment = pay(hanako, "legacy")
    Payment.objects.filter(pk=payment.pk).update(charge_id=None, payment_intent_id="pi_none")
    payment.refresh_from_db()

    payments.confirm(payment)

    looked = payment.messages.filter(address="/v1/charges", method="GET").get()
    assert looked.answer["of_other_payments"] == 1
    assert str(other.pk) not in json.dumps(looked.answer)
    assert other.charge_id not in json.dumps(looked.answer)


@pytest.mark.parametrize(
    ("line", "error"), [("Unreachable", "APIConnectionError"), ("AnswerLost", "APIConnectionError")]
)
def test_a_call_that_got_no_answer_is_recorded_with_the_reason(hanako, settings, line: str, error: str) -> None:
    hanako.switch_flow("legacy")
    order, entered = hanako.see_order(), hanako.enter_card(VISA)
    settings.STRIPE_HTTP_CLIENT = f"tests.stage.transports.{line}"

    hanako.post("/checkout/", {"order": order, **entered})

    call = WireMessage.objects.get(kind="call")
    assert (call.status, call.error, call.answer) == (None, error, {})


def test_a_webhook_that_comes_twice_is_recorded_twice(hanako, webhooks) -> None:
    payment = pay(hanako, "legacy")

    webhooks(times=2)

    kinds = [message.parameters["type"] for message in payment.messages.filter(kind="webhook")]
    assert kinds.count("charge.succeeded") == 2


def test_a_receipt_that_is_looked_at_for_ever_fills_no_disk(hanako, monkeypatch) -> None:
    payment = pay(hanako, "legacy")
    monkeypatch.setattr(recorder, "MOST_MESSAGES", payment.messages.count() + 2)

    for _ in range(5):
        hanako.get(payment.get_absolute_url())

    assert payment.messages.count() == recorder.MOST_MESSAGES


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


def test_a_call_that_a_command_makes_is_stored_though_there_is_no_request(hanako) -> None:
    payment = pay(hanako, "modern")
    payment.messages.all().delete()

    payments.confirm(payment)

    assert story(payment) == [("call", "GET", "/v1/checkout/sessions/<cs>", 200)]


def test_a_view_that_fails_is_recorded_with_what_the_visitor_saw(hanako, monkeypatch) -> None:
    payment = pay(hanako, "modern")
    payment.messages.all().delete()
    monkeypatch.setattr(Payment, "history", None)

    assert hanako.get(payment.get_absolute_url()).status_code == 500

    assert story(payment) == [("visit", "GET", "/payments/<uuid>/", 500)]
    assert payment.messages.get().answer == {"page": "Something broke on our side"}
