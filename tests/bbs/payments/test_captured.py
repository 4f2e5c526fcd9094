"""What Stripe captured is compared with our own row, and what is not known yet is left as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bbs.models import Payment
from bbs.payments.captured import Captured, fits

pytestmark = pytest.mark.django_db


@pytest.fixture
def captured(payment: Payment) -> Captured:
    return Captured(reference=payment.pk, amount=2000, currency="jpy", livemode=False, charge_id="ch_1")


def test_what_agrees_with_our_row_has_no_differences(payment: Payment, captured: Captured) -> None:
    assert captured.differences(payment) == ""


def test_each_difference_is_named_with_both_sides(payment: Payment, captured: Captured) -> None:
    other = replace(captured, amount=2001, currency="usd", charge_id=None)

    assert other.differences(payment) == (
        "amount: ours 2000, Stripe's 20.01; currency: ours jpy, Stripe's usd; "
        "paid at Stripe, with neither a PaymentIntent nor a Charge"
    )


def test_only_what_is_known_is_copied_to_the_payment(captured: Captured) -> None:
    assert captured.details() == {"charge_id": "ch_1"}
    assert replace(captured, card_last4="4242", email="a@b.example").details() == {
        "charge_id": "ch_1",
        "card_last4": "4242",
        "email": "a@b.example",
    }


@pytest.mark.parametrize(("length", "kept"), [(0, False), (1, True), (254, True), (255, False)])
def test_an_address_is_kept_where_the_column_can_hold_it(captured: Captured, length: int, kept: bool) -> None:
    assert fits("a" * length) is kept
    assert ("email" in replace(captured, email="a" * length).details()) is kept
