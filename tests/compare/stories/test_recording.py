"""What is recorded of real payments, and that no payment is lost over it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection

from bbs.models import Topic
from compare.models import WireMessage
from compare.wire import masking
from tests.compare.stage.recorded import pay, story

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.usefixtures("stored_at_once")]


def test_a_modern_payment_is_recorded_in_order_from_the_button_to_the_last_webhook(hanako, webhooks) -> None:
    payment = pay(hanako, "modern")
    webhooks()

    messages = story(payment)

    assert messages[:4] == [
        ("visit", "POST", "/checkout/", 303),
        ("call", "POST", "/v1/checkout/sessions", 200),
        ("visit", "GET", "/success/", 302),
        ("call", "GET", "/v1/checkout/sessions/<cs>", 200),
    ]
    receipt = messages.index(("visit", "GET", "/payments/<uuid>/", 200))
    assert ("webhook", "POST", "/webhook/", 200) in messages[receipt:]


def test_a_legacy_payment_is_recorded_in_order_too(hanako, webhooks) -> None:
    payment = pay(hanako, "legacy")
    webhooks()

    messages = story(payment)

    assert messages[:3] == [
        ("visit", "POST", "/checkout/", 303),
        ("call", "POST", "/v1/charges", 200),
        ("visit", "GET", "/payments/<uuid>/", 200),
    ]
    assert ("webhook", "POST", "/webhook/", 200) in messages[3:]


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_what_staff_do_in_the_admin_is_recorded_as_the_calls_that_it_makes(hanako, admin_client, flow: str) -> None:
    payment = pay(hanako, flow)
    payment.messages.all().delete()
    refund = {"amount": 500, "reason": "duplicate", "confirmed": "on", "refunded": 0}

    admin_client.post(f"/admin/bbs/payment/{payment.pk}/refund/", refund)
    admin_client.post("/admin/bbs/payment/", {"action": "ask_stripe", "_selected_action": [payment.pk]})

    messages = story(payment)
    assert {kind for kind, *_ in messages} == {"call"}
    assert messages[0] == ("call", "POST", "/v1/refunds", 200)
    assert messages[-1] == messages[1]  # the payment is read again, by each of the two


def test_a_webhook_that_comes_twice_is_recorded_twice(hanako, webhooks) -> None:
    payment = pay(hanako, "legacy")

    webhooks(times=2)

    kinds = [message.parameters["type"] for message in payment.messages.filter(kind="webhook")]
    assert kinds.count("charge.succeeded") == 2


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
