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


ADDRESS = "hanako@example.com"
UNPAID = ("pending", "processing", "failed", "expired")


def pay(
    payment: Payment,
    event: WebhookEvent,
    *statuses: str,
    session: str = "",
    email: str | None = ADDRESS,
    **other: object,
) -> bool:
    """Pay a payment that has one of these statuses, with what was captured for it, or `other` than that."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    details = {"charge_id": "ch_1", "email": email}
    inserts = [
        sql.event_of_paid(event),
        sql.entries([("webhook", event.type), ("paid", "")], now),
        sql.thanks_of_paid(now),
        sql.mails_of_paid("customer", "staff"),
    ]
    row = {"reference": payment.pk.hex, "flow": payment.flow, "amount": payment.amount, "currency": payment.currency}
    agreed = [*(row | other).values(), session, session, *statuses]
    return sql.move(sql.PAY, payment.pk.hex, [now, *(details.get(name) for name in sql.DETAILS), *agreed], inserts)


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
    assert pay(payment, event, *UNPAID)

    payment.refresh_from_db()
    assert (payment.status, payment.charge_id, payment.email) == ("paid", "ch_1", ADDRESS)
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


@pytest.mark.parametrize(
    "other",
    [
        {"reference": uuid.uuid4().hex},
        {"flow": "modern"},
        {"amount": 1999},
        {"amount": None},
        {"amount": 2**62},
        {"currency": "usd"},
        {"currency": None},
        {"session": "cs_2"},
        {"session": ""},
    ],
    ids=["reference", "flow", "amount", "no amount", "huge amount", "currency", "no currency", "session", "no session"],
)
def test_what_was_not_captured_for_this_payment_moves_nothing(
    payment: Payment, event: WebhookEvent, other: dict[str, object]
) -> None:
    Payment.objects.update(checkout_session_id="cs_1")

    assert not pay(payment, event, *UNPAID, **{"session": "cs_1", **other})
    assert (Payment.objects.get().status, written(payment)) == ("pending", (0, 0, 0, 0))

    assert pay(payment, event, *UNPAID, session="cs_1")


@pytest.mark.parametrize(("recorded", "session"), [(None, ""), (None, "cs_1"), ("cs_1", "cs_1")])
def test_a_payment_without_a_session_takes_that_of_what_was_captured(
    payment: Payment, event: WebhookEvent, recorded: str | None, session: str
) -> None:
    Payment.objects.update(checkout_session_id=recorded)

    assert pay(payment, event, *UNPAID, session=session)


@pytest.mark.parametrize(
    ("known", "captured", "kinds"),
    [
        ("", None, ["staff"]),
        (ADDRESS, None, ["customer", "staff"]),
        ("", ADDRESS, ["customer", "staff"]),
    ],
)
def test_the_customer_gets_a_mail_where_there_is_an_address(
    payment: Payment, event: WebhookEvent, known: str, captured: str | None, kinds: list[str]
) -> None:
    Payment.objects.update(email=known)

    assert pay(payment, event, *UNPAID, email=captured)

    assert [mail.kind for mail in payment.mails.order_by("pk")] == kinds


def test_an_event_that_is_stored_already_moves_nothing(payment: Payment, event: WebhookEvent) -> None:
    sql.store(event)

    with pytest.raises(IntegrityError), transaction.atomic():
        pay(payment, event, *UNPAID)

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
