"""What belongs to a payment's record is stored, and nothing else."""

from __future__ import annotations

import logging
import uuid
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from bbs.models import Payment
from compare.models import WireMessage
from compare.wire import recorder
from compare.wire.messages import Call, IncomingRequest, Timing
from compare.wire.recorder import Recorded, Stopwatch, store
from tests.compare.stage.messages import TIMING, call
from tests.compare.stage.recorded import pay

LIVE = pytest.mark.django_db(databases="__all__", transaction=True)


@LIVE
@pytest.mark.usefixtures("stored_at_once")
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


@LIVE
@pytest.mark.usefixtures("stored_at_once")
def test_a_receipt_that_is_looked_at_for_ever_fills_no_disk(hanako, monkeypatch) -> None:
    payment = pay(hanako, "legacy")
    monkeypatch.setattr(recorder, "MOST_MESSAGES", payment.messages.count() + 2)

    for _ in range(5):
        hanako.get(payment.get_absolute_url())

    assert payment.messages.count() == recorder.MOST_MESSAGES


def test_a_stopwatch_measures_from_when_it_was_made() -> None:
    before = datetime.now(UTC)

    timing = Stopwatch().read()

    assert before <= timing.started_at <= datetime.now(UTC)
    assert 0 <= timing.milliseconds < 1000


def calls_of(payment: uuid.UUID, count: int = 1) -> list[Recorded]:
    return [Recorded(payment, call(url=f"https://api.stripe.com/v1/{n}"), TIMING) for n in range(count)]


def test_messages_are_stored_in_one_write(payment: Payment, django_assert_num_queries) -> None:
    with transaction.atomic(), django_assert_num_queries(4):  # whose it is; a savepoint, the rows, its release
        store(calls_of(payment.pk, 20))

    assert payment.messages.count() == 20


def test_whose_payment_a_webhook_is_about_is_not_looked_up(payment: Payment, django_assert_num_queries) -> None:
    request = RequestFactory().post("/webhook/", b"{}", content_type="application/json")
    webhook = IncomingRequest(WireMessage.Kind.WEBHOOK, request, HttpResponse())

    with transaction.atomic(), django_assert_num_queries(3):  # a savepoint, the rows, its release
        store([Recorded(payment.pk, webhook, TIMING), *calls_of(payment.pk)])

    assert [each.kind for each in payment.messages.all()] == ["webhook", "call"]


def test_what_is_about_a_payment_that_there_is_not_is_left_out(payment: Payment, caplog) -> None:
    store([*calls_of(uuid.uuid4()), *calls_of(payment.pk)])

    assert [each.payment_id for each in WireMessage.objects.all()] == [payment.pk]
    assert not caplog.records


@pytest.mark.parametrize(
    "error",
    [KeyError("type"), ValueError("no JSON"), RecursionError(), DatabaseError("locked"), AttributeError("content")],
    ids=lambda error: type(error).__name__,
)
def test_whatever_is_raised_is_logged_with_its_traceback_and_costs_nothing(
    payment: Payment, monkeypatch, caplog, error: Exception
) -> None:
    def fail(call: Call, reference: uuid.UUID, timing: Timing) -> WireMessage:
        raise error

    monkeypatch.setattr(Call, "row", fail)

    store(calls_of(payment.pk))

    (logged,) = caplog.records
    assert (logged.name, logged.levelno, logged.exc_info[1]) == ("compare.wire.recorder", logging.ERROR, error)
    assert str(payment.pk) in logged.getMessage()
    assert not WireMessage.objects.exists()


def test_a_row_that_the_database_refuses_takes_nothing_else_of_a_transaction_with_it(
    payment: Payment, monkeypatch, caplog
) -> None:
    def without_a_time(call: Call, reference: uuid.UUID, timing: Timing) -> WireMessage:
        return WireMessage(payment_id=reference, milliseconds=1, parameters={}, answer={})

    with transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(status=Payment.Status.FAILED)
        with monkeypatch.context() as spoiled:
            spoiled.setattr(Call, "row", without_a_time)
            store(calls_of(payment.pk))
        store(calls_of(payment.pk))

    payment.refresh_from_db()
    assert (payment.status, payment.messages.count()) == ("failed", 1)
    assert caplog.records[0].exc_info[0] is IntegrityError


def test_a_question_that_the_database_refuses_takes_nothing_of_a_transaction_with_it(
    payment: Payment, monkeypatch, caplog
) -> None:
    def refused(*args: object, **kwargs: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    with transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(status=Payment.Status.FAILED)
        with monkeypatch.context() as spoiled:
            spoiled.setattr(recorder, "_belongs", refused)
            store(calls_of(payment.pk))
        Payment.objects.filter(pk=payment.pk).update(email="hanako@example.com")

    payment.refresh_from_db()
    assert (payment.status, payment.email) == ("failed", "hanako@example.com")
    assert issubclass(caplog.records[0].exc_info[0], DatabaseError)
