"""What is recorded of a payment: each entry, and each of Stripe's events once."""

from __future__ import annotations

import logging
import uuid

import pytest
from django.utils import timezone

from bbs.models import HistoryEntry, Payment, WebhookEvent
from bbs.payments import history
from bbs.payments.history import Kind

pytestmark = pytest.mark.django_db


def event(name: str = "evt_1") -> WebhookEvent:
    return WebhookEvent(pk=name, type="charge.failed", payload="{}", received_at=timezone.now())


def entries(payment: Payment) -> list[tuple[str, str]]:
    return list(payment.history.values_list("kind", "detail"))


@pytest.mark.parametrize(
    ("kind", "level"),
    [(Kind.MISMATCH, logging.WARNING), (Kind.REFUND_FAILED, logging.WARNING), (Kind.PAID, logging.INFO)],
)
def test_each_entry_is_logged_and_what_staff_must_see_as_a_warning(payment: Payment, caplog, kind, level: int) -> None:
    with caplog.at_level(logging.INFO, "bbs"):
        history.note(payment, kind, "700 jpy")

    assert [record.levelno for record in caplog.records] == [level]
    assert caplog.messages == [f"payment={payment.pk} flow=legacy {kind.value} 700 jpy"]
    assert entries(payment) == [(kind.value, "700 jpy")]


def test_a_detail_is_cut_to_what_the_column_holds_and_found_again(payment: Payment) -> None:
    for _ in range(2):
        history.note_once(payment, Kind.DECLINED, "x" * 300)

    assert entries(payment) == [("declined", "x" * 255)]


def test_what_happened_to_another_payment_or_is_of_another_kind_is_new(payment: Payment) -> None:
    values = {field.attname: getattr(payment, field.attname) for field in Payment._meta.concrete_fields}
    other = Payment.objects.create(**values | {"reference": uuid.uuid4()})

    history.note_once(payment, Kind.INQUIRY, "fraudulent")
    history.note_once(payment, Kind.DISPUTED, "fraudulent")
    history.note_once(other, Kind.INQUIRY, "fraudulent")

    assert entries(payment) == [("inquiry", "fraudulent"), ("disputed", "fraudulent")]
    assert entries(other) == [("inquiry", "fraudulent")]


def test_a_mismatch_is_marked_for_staff_and_named_once(payment: Payment) -> None:
    for _ in range(2):
        history.mismatch(payment, "amount: ours 1, Stripe's 2")

    assert Payment.objects.get().mismatched
    assert entries(payment) == [("mismatch", "amount: ours 1, Stripe's 2")]


def test_an_event_is_stored_with_its_entry_and_left_alone_afterwards(payment: Payment) -> None:
    stored = event()

    for _ in range(2):
        history.store_event(stored, payment)

    assert not stored.is_new
    assert entries(payment) == [("webhook", "charge.failed")]


def test_a_duplicate_is_named_and_adds_no_entry(payment: Payment) -> None:
    history.store_event(event(), payment)

    with pytest.raises(history.AlreadyStored) as found:
        history.store_event(duplicate := event(), payment)

    assert (found.value.event.pk, duplicate.is_new) == ("evt_1", True)
    assert entries(payment) == [("webhook", "charge.failed")]


def test_an_event_of_no_payment_has_no_entry() -> None:
    history.store_event(event(), None)

    assert (WebhookEvent.objects.count(), HistoryEntry.objects.count()) == (1, 0)


def test_a_mismatch_of_a_duplicate_is_not_recorded_again(payment: Payment) -> None:
    history.store_event(event(), payment)

    with pytest.raises(history.AlreadyStored):
        history.keep_mismatch(payment, "amount: ours 1, Stripe's 2", event())

    assert not Payment.objects.get().mismatched
    assert entries(payment) == [("webhook", "charge.failed")]
