"""Whose a Stripe object is, and what makes two calls the same one."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import stripe
from django.test import RequestFactory
from django.utils import timezone

from bbs.models import Payment
from bbs.payments.references import (
    expanded,
    find_charge,
    id_in,
    in_our_version,
    known,
    metadata_of,
    reference_in,
    refund_key,
    stripe_id_in,
)

OURS = uuid.UUID("0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f")


@pytest.mark.parametrize(
    ("values", "reference"),
    [
        ({"client_reference_id": str(OURS)}, OURS),
        ({"metadata": metadata_of(Payment(reference=OURS))}, OURS),
        ({"client_reference_id": None, "metadata": metadata_of(Payment(reference=OURS)) | {"token": "tok_1"}}, OURS),
        ({"client_reference_id": "order 17", "metadata": {}}, None),
        ({"metadata": {"payment": "⚡"}}, None),
        ({"metadata": {"order": str(OURS)}}, None),
        ({"metadata": None}, None),
        ({}, None),
    ],
)
def test_what_carries_no_reference_of_ours_is_not_ours(values: dict[str, object], reference: uuid.UUID | None) -> None:
    assert reference_in(stripe.StripeObject.construct_from({"id": "ch_1", **values}, key=None)) == reference


@pytest.mark.parametrize(
    ("version", "ours"),
    [
        (stripe.api_version, True),
        (f"2031-01-01.{stripe.api_version.partition('.')[2]}", True),
        ("2031-01-01.unknown", False),
        ("2018-11-08", False),
        (None, False),
    ],
)
def test_an_event_has_our_shape_where_its_release_is_ours(version: str | None, ours: bool) -> None:
    assert in_our_version(version) == ours


def test_a_refund_is_the_same_one_until_it_is_recorded_or_has_failed() -> None:
    payment = Payment(reference=OURS, amount=2000, attempt=0, amount_refunded=0)
    first = refund_key(payment, 500)

    assert refund_key(payment, 500) == first
    keys = {first, refund_key(payment, 600)}
    payment.amount_refunded = 500
    keys.add(refund_key(payment, 500))
    payment.amount_refunded, payment.attempt = 0, 1
    keys.add(refund_key(payment, 500))
    assert len(keys) == 4


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("session_id=cs_test_1", "cs_test_1"),
        ("", ""),
        ("session_id=", ""),
        ("session_id=%00", ""),
        ("session_id=cs_test-1", "cs_test-1"),
        ("session_id=%0A", ""),
        (f"session_id={'a' * 255}", "a" * 255),
        (f"session_id={'a' * 256}", ""),
    ],
)
def test_what_cannot_be_an_id_is_none(query: str, found: str) -> None:
    assert stripe_id_in(RequestFactory().get(f"/success/?{query}"), "session_id") == found


def test_an_id_that_is_missing_never_becomes_a_call_about_anything() -> None:
    assert known("ch_1") == "ch_1"
    with pytest.raises(ValueError, match=r"no id of Stripe's"):
        known(None)


CHARGE = stripe.Charge.construct_from({"id": "ch_1"}, key=None)


@pytest.mark.parametrize(
    ("field", "stripe_id", "whole"), [(None, None, None), ("ch_1", "ch_1", None), (CHARGE, "ch_1", CHARGE)]
)
def test_a_field_has_an_object_or_its_id_or_nothing(
    field: str | stripe.Charge | None, stripe_id: str | None, whole: stripe.Charge | None
) -> None:
    assert (id_in(field), expanded(field)) == (stripe_id, whole)


@pytest.mark.django_db(databases="__all__")
def test_a_charge_of_another_order_is_not_this_ones(payment: Payment) -> None:
    theirs = {"payment": str(OURS), "token": payment.token}
    made = stripe.Charge.create(amount=2000, currency="jpy", source="tok_visa", metadata=theirs)

    assert find_charge(payment) is None
    assert find_charge(Payment(reference=OURS, token="", created_at=payment.created_at)).id == made.id


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(("hours", "found"), [(-2, False), (-0.9, True), (0, True), (47, True), (49, False)])
def test_a_charge_is_looked_for_from_an_hour_before_the_order_to_two_days_after_it(
    payment: Payment, hours: float, found: bool
) -> None:
    ours = metadata_of(payment) | {"token": payment.token}
    stripe.Charge.create(amount=2000, currency="jpy", source="tok_visa", metadata=ours)
    payment.created_at = timezone.now() - timedelta(hours=hours)

    assert bool(find_charge(payment)) is found
