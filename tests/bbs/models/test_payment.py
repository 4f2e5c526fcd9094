"""A payment's row: what it says of itself, and what the database refuses to keep."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from bbs.models import HistoryEntry, Mail, Payment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 0},
        {"amount": 1999},
        {"amount_refunded": 2001},
        {"status": "paid"},
        {"paid_at": timezone.now(), "charge_id": "ch_1"},
        {"status": "paid", "paid_at": timezone.now()},
    ],
    ids=["nothing", "no sum", "more back than paid", "paid without a time", "a time without paid", "paid by nothing"],
)
def test_the_database_refuses_a_payment_that_cannot_be(payment: Payment, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(**change)


@pytest.mark.parametrize("name", ["checkout_session_id", "payment_intent_id", "charge_id"])
def test_two_payments_do_not_share_what_is_stripes(payment: Payment, name: str) -> None:
    other = Payment.objects.get(pk=payment.pk)
    other.pk, other._state.adding = "0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f", True
    other.save()
    setattr(payment, name, "one")
    payment.save()

    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=other.pk).update(**{name: "one"})


def test_what_is_left_to_give_back_is_nothing_before_it_is_paid(payment: Payment) -> None:
    assert payment.amount_left == 0

    payment.paid_at, payment.amount_refunded = timezone.now(), 500

    assert payment.amount_left == 1500


@pytest.mark.parametrize(
    ("email", "masked"),
    [("hanako@example.com", "h•••@example.com"), ("h@example.com", "h•••@example.com"), ("", ""), ("hanako", "")],
)
def test_an_address_is_shown_only_to_who_has_it(email: str, masked: str) -> None:
    assert Payment(email=email).masked_email == masked


@pytest.mark.parametrize("status", Payment.Status.values)
def test_only_what_waits_is_not_final(status: str) -> None:
    assert Payment(status=status).is_final == (status not in ("pending", "processing"))


def test_the_same_thing_can_be_ordered_afresh(payment: Payment) -> None:
    payment.quantity = 3

    assert payment.retry_url == "/?product=t-shirt&quantity=3#shop"


def test_a_refund_is_shown_as_money_and_another_detail_as_it_is() -> None:
    with translation.override("en"):
        assert HistoryEntry(kind="refunded", detail="700 jpy").shown_detail == "¥700"
        assert HistoryEntry(kind="dispute_closed", detail="won").shown_detail == "won"


@pytest.mark.parametrize("kind", HistoryEntry.Kind.values)
def test_why_a_bank_declined_and_what_only_staff_can_do_is_not_for_the_visitor(kind: str) -> None:
    assert HistoryEntry(kind=kind).is_for_visitor == (kind not in ("declined", "mismatch"))


def test_a_payment_owes_each_mail_once(payment: Payment) -> None:
    Mail.objects.create(payment=payment, kind="staff")

    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(payment=payment, kind="staff")
