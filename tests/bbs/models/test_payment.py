"""A payment's row: what it says of itself, and what the database refuses to keep."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from bbs.models import Payment, Refund

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
        {"status": "inquiry"},
        {"checkout_session_id": ""},
        {"payment_intent_id": ""},
        {"charge_id": ""},
    ],
    ids=[
        "nothing",
        "no sum",
        "more back than paid",
        "paid without a time",
        "a time without paid",
        "paid by nothing",
        "asked about and never paid",
        "an empty session",
        "an empty intent",
        "an empty charge",
    ],
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


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, ""),
        ({"payment_method": "card", "card_brand": "visa", "card_last4": "4242"}, "Visa ···· 4242"),
        ({"card_brand": "amex", "card_last4": "0005"}, "American Express ···· 0005"),
        ({"payment_method": "card"}, "Card"),
        ({"payment_method": "konbini"}, "Convenience store"),
        ({"payment_method": "amazon_pay"}, "Amazon pay"),
    ],
)
def test_how_it_was_paid_is_named_as_people_know_it(fields: dict[str, str], text: str) -> None:
    with translation.override("en"):
        assert Payment(**fields).payment_method_text == text


@pytest.mark.parametrize(
    ("statuses", "shown", "given_back", "text"),
    [
        ([], [], "", "paid"),
        (["succeeded"], [], "¥500", "partially refunded"),
        (["pending"], ["pending"], "", "refund under way"),
        (["requires_action"], ["requires_action"], "", "refund under way"),
        (["failed"], ["failed"], "", "paid"),
        (["canceled"], ["canceled"], "", "paid"),
        (["failed", "succeeded"], [], "¥500", "partially refunded"),
        (["failed", "pending"], ["pending"], "", "refund under way"),
        (["succeeded", "pending"], ["pending"], "¥500", "refund under way"),
    ],
)
def test_each_status_of_a_refund_is_distinguished(
    payment: Payment, statuses: list[str], shown: list[str], given_back: str, text: str
) -> None:
    for number, status in enumerate(statuses):
        payment.refunds.create(pk=f"re_{number}", amount=500, status=status)
    payment.amount_refunded = 500 * sum(status not in Refund.UNDONE for status in statuses)
    payment.status = "partially_refunded" if payment.amount_refunded else "paid"

    with translation.override("en"):
        assert [refund.status for refund in payment.refunds_to_show] == shown
        assert (payment.given_back_total, payment.status_text) == (given_back, text)
