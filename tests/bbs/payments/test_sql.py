"""The statements of a settlement, as both databases execute them."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bbs.models import Mail, Payment, Topic, WebhookEvent
from bbs.payments import sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(payment: Payment) -> WebhookEvent:
    """A new event about the payment."""
    now = timezone.now()
    return WebhookEvent(
        pk="evt_1", type="charge.succeeded", payload="{}", payment=payment, received_at=now, processed_at=now
    )


def pay(payment: Payment, event: WebhookEvent, *statuses: str) -> bool:
    """Pay a payment that has one of these statuses."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    details = {"charge_id": "ch_1", "email": "hanako@example.com"}
    inserts = [
        sql.event_of_paid(event),
        sql.entries_of_paid([("webhook", event.type), ("paid", "")], now),
        sql.thanks_of_paid(now),
        sql.mails_of_paid(["customer", "staff"]),
    ]
    still = [payment.pk.hex, payment.checkout_session_id or "", *statuses]
    return sql.pay(payment.pk.hex, [now, *(details.get(name) for name in sql.DETAILS), *still], inserts)


def written(payment: Payment) -> tuple[int, ...]:
    """Return how many events, entries of the history, topics and mails there are."""
    return (
        WebhookEvent.objects.count(),
        payment.history.count(),
        Topic.objects.filter(payment=payment).count(),
        Mail.objects.count(),
    )


def test_a_payment_is_read_as_django_reads_it(payment: Payment) -> None:
    Payment.objects.filter(pk=payment.pk).update(status="paid", paid_at=timezone.now(), charge_id="ch_1", token="")
    expected = Payment.objects.get(pk=payment.pk)

    found = sql.payment(payment.pk)

    assert found is not None
    values, others = ({name: (type(value), value) for name, value in vars(each).items()} for each in (found, expected))
    assert values | {"_state": None} == others | {"_state": None}
    assert (found._state.adding, found._state.db) == (False, "default")
    found.failure = "expired_card"
    found.save()
    assert Payment.objects.get().failure == "expired_card"
    assert sql.payment(uuid.uuid4()) is None


def test_a_payment_that_is_moved_brings_all_its_rows_in_their_order(payment: Payment, event: WebhookEvent) -> None:
    assert pay(payment, event, "pending", "processing", "failed", "expired")

    payment.refresh_from_db()
    assert (payment.status, payment.charge_id, payment.email) == ("paid", "ch_1", "hanako@example.com")
    assert [(each.kind, each.detail) for each in payment.history.order_by("pk")] == [
        ("webhook", "charge.succeeded"),
        ("paid", ""),
    ]
    assert [mail.kind for mail in payment.mails.order_by("pk")] == ["customer", "staff"]
    stored = WebhookEvent.objects.get()
    assert (stored.payment, stored.received_at, stored.error) == (payment, event.received_at, "")
    assert payment.topic.comment == ""


def test_a_payment_that_is_not_moved_brings_none(payment: Payment, event: WebhookEvent) -> None:
    assert not pay(payment, event, "paid", "paid", "paid", "paid")

    payment.refresh_from_db()
    assert (payment.status, written(payment)) == ("pending", (0, 0, 0, 0))


def test_an_event_that_is_stored_already_moves_nothing(payment: Payment, event: WebhookEvent) -> None:
    sql.store(event)

    with pytest.raises(IntegrityError), transaction.atomic():
        pay(payment, event, "pending", "processing", "failed", "expired")

    payment.refresh_from_db()
    assert (payment.status, written(payment)) == ("pending", (1, 0, 0, 0))


@pytest.mark.parametrize("is_known", [True, False])
def test_an_event_is_stored_by_itself(payment: Payment, event: WebhookEvent, is_known: bool) -> None:
    if not is_known:
        event.payment = event.processed_at = None

    sql.store(event)

    stored = WebhookEvent.objects.get()
    columns = ("pk", "type", "payload", "payment_id", "received_at", "processed_at", "error")
    assert all(getattr(stored, name) == getattr(event, name) for name in columns)
