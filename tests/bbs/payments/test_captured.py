"""What Stripe captured is compared with our own row, and what is not known yet is left as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
import stripe

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


CHARGE = {"id": "ch_1", "payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": "4242"}}}
CARD = ("ch_1", "card", "visa", "4242")
UNKNOWN = ("ch_1", "", "", "")


@pytest.mark.parametrize(
    ("intent", "ids", "money"),
    [
        ({"id": "pi_1", "latest_charge": CHARGE}, ("cs_1", "pi_1"), CARD),
        ({"id": "pi_1", "latest_charge": "ch_1"}, ("cs_1", "pi_1"), UNKNOWN),
        ("pi_1", ("cs_1", "pi_1"), (None, "", "", "")),
        (None, ("cs_1", None), (None, "", "", "")),
    ],
    ids=["expanded", "with the charge's id", "as an event has it", "no intent"],
)
def test_of_a_session_is_read_as_much_as_stripe_sent(
    intent: object, ids: tuple, money: tuple, payment: Payment
) -> None:
    values = {"id": "cs_1", "client_reference_id": str(payment.pk), "currency": "jpy", "livemode": False}
    session = stripe.checkout.Session.construct_from(values | {"payment_intent": intent}, key=None)

    found = Captured.of(session, amount=2000, email="", intent=session.payment_intent)

    assert (found.reference, found.checkout_session_id, found.payment_intent_id) == (payment.pk, *ids)
    assert (found.charge_id, found.payment_method, found.card_brand, found.card_last4) == money


@pytest.mark.parametrize(("method", "card"), [(CHARGE["payment_method_details"], CARD), (None, UNKNOWN)])
def test_a_charge_is_its_own_and_of_no_session(payment: Payment, method: object, card: tuple) -> None:
    values = {"id": "ch_1", "metadata": {"payment": str(payment.pk)}, "currency": "jpy", "livemode": False}
    charge = stripe.Charge.construct_from(values | {"payment_method_details": method}, key=None)

    found = Captured.of(charge, amount=2000, email="", charge=charge)

    assert (found.reference, found.checkout_session_id, found.payment_intent_id) == (payment.pk, None, None)
    assert (found.charge_id, found.payment_method, found.card_brand, found.card_last4) == card
