"""What a payment may become: each move holds against what is told late, twice, of other money, or meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from bbs.models import Mail, Payment, Topic
from bbs.payments import ledger
from bbs.payments.ledger import Taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(payment: Payment) -> Taken:
    """The money for it, in full."""
    return Taken(reference=payment.pk, amount=2000, currency="jpy", livemode=False, charge_id="ch_1")


def put(payment: Payment, status: str, amount_refunded: int = 0) -> None:
    """Put a payment where the test begins."""
    payment.status, payment.amount_refunded = status, amount_refunded
    if status not in ledger.UNPAID:
        payment.paid_at, payment.charge_id = timezone.now(), "ch_1"
    payment.save()


def told(payment: Payment, kind: str) -> list[str]:
    return list(payment.history.filter(kind=kind).values_list("detail", flat=True))


@pytest.mark.parametrize(
    ("other", "detail"),
    [
        ({"reference": None}, "reference: ours {payment}, Stripe's None"),
        ({"amount": 1999}, "amount: ours 2000, Stripe's 1999"),
        ({"amount": None}, "amount: ours 2000, Stripe's None"),
        ({"currency": "usd"}, "amount: ours 2000, Stripe's 20.00; currency: ours jpy, Stripe's usd"),
        ({"livemode": True}, "livemode: ours False, Stripe's True"),
        ({"checkout_session_id": "cs_2"}, "session: ours cs_1, Stripe's cs_2"),
    ],
    ids=["reference", "amount", "no amount", "currency", "livemode", "session"],
)
def test_money_that_is_not_what_we_asked_for_is_kept_for_staff_and_delivers_nothing(
    payment: Payment, taken: Taken, other: dict[str, object], detail: str
) -> None:
    payment.checkout_session_id = "cs_1"

    assert not ledger.settle(payment, replace(taken, **{"checkout_session_id": "cs_1", **other}))

    payment.refresh_from_db()
    assert (payment.status, payment.mismatched) == ("pending", True)
    assert told(payment, "mismatch") == [detail.format(payment=payment)]
    assert not Topic.objects.filter(payment=payment).exists()
    assert not Mail.objects.exists()


@pytest.fixture
def other(payment: Payment) -> Payment:
    """Another payment, paid with a session, an intent and a charge of its own."""
    values = {field.attname: getattr(payment, field.attname) for field in Payment._meta.concrete_fields}
    ids = {"checkout_session_id": "cs_9", "payment_intent_id": "pi_9", "charge_id": "ch_9"}
    return Payment.objects.create(
        **values | ids | {"reference": uuid.uuid4(), "status": "paid", "paid_at": timezone.now()}
    )


@pytest.mark.parametrize(
    ("same", "was_paid"),
    [("checkout_session_id", False), ("payment_intent_id", False), ("charge_id", False), ("charge_id", True)],
)
def test_money_that_is_already_on_another_payment_is_kept_for_staff_and_delivers_nothing(
    payment: Payment, taken: Taken, other: Payment, same: str, was_paid: bool
) -> None:
    if was_paid:  # by an event, which names no charge yet
        assert ledger.settle(payment, replace(taken, charge_id=None, payment_intent_id="pi_1"))

    assert not ledger.settle(payment, replace(taken, **{same: getattr(other, same)}))

    payment.refresh_from_db()
    assert (payment.is_paid, payment.mismatched) == (was_paid, True)
    assert told(payment, "mismatch")[0].endswith(f"already on payment {other.pk}")
    assert Topic.objects.filter(payment=payment).exists() == was_paid


def test_a_session_that_is_already_on_another_payment_is_kept_for_staff(payment: Payment, other: Payment) -> None:
    assert not ledger.sent_to_stripe(payment, "cs_9")

    payment.refresh_from_db()
    assert (payment.checkout_session_id, payment.mismatched) == (None, True)


def test_money_for_which_stripe_names_no_payment_intent_and_no_charge_is_kept_for_staff(
    payment: Payment, taken: Taken
) -> None:
    assert not ledger.settle(payment, replace(taken, charge_id=None))

    payment.refresh_from_db()
    assert (payment.status, payment.mismatched) == ("pending", True)


@pytest.mark.parametrize(("session", "paid"), [("cs_1", True), ("cs_2", False)], ids=["the same", "another"])
def test_money_of_a_session_to_which_nobody_was_sent_does_not_displace_the_one_claimed_meanwhile(
    payment: Payment, taken: Taken, session: str, paid: bool
) -> None:
    Payment.objects.update(checkout_session_id="cs_1")  # by another machine: `payment` has none yet

    assert ledger.settle(payment, replace(taken, checkout_session_id=session)) == paid

    payment.refresh_from_db()
    assert (payment.checkout_session_id, payment.is_paid, payment.mismatched) == ("cs_1", paid, not paid)


def test_more_given_back_than_was_paid_is_kept_for_staff(payment: Payment) -> None:
    put(payment, "paid")

    ledger.follow_refunds(payment, lambda: 2001)

    payment.refresh_from_db()
    assert (payment.amount_refunded, payment.mismatched) == (0, True)


def test_money_that_was_taken_twice_is_kept_for_staff(payment: Payment, taken: Taken) -> None:
    ledger.settle(payment, taken)

    assert not ledger.settle(payment, replace(taken, charge_id="ch_2"))

    payment.refresh_from_db()
    assert (payment.status, payment.charge_id, payment.mismatched) == ("paid", "ch_1", True)


def test_a_longer_word_of_the_same_money_adds_what_the_first_one_left_out(payment: Payment, taken: Taken) -> None:
    ledger.settle(payment, replace(taken, charge_id=None, payment_intent_id="pi_1"))

    ledger.settle(payment, replace(taken, payment_intent_id="pi_1", card_last4="4242"))

    payment.refresh_from_db()
    assert (payment.charge_id, payment.card_last4, payment.mismatched) == ("ch_1", "4242", False)
    assert Topic.objects.filter(payment=payment).count() == 1


def test_an_address_too_long_to_keep_costs_the_mail_and_not_the_delivery(payment: Payment, taken: Taken) -> None:
    assert ledger.settle(payment, replace(taken, email="a" * 250 + "@example.com"))

    assert (Payment.objects.get().status, Payment.objects.get().email) == ("paid", "")


@pytest.mark.parametrize("before", ["pending", "processing", "failed", "expired"])
def test_money_outweighs_whatever_we_thought_before(payment: Payment, taken: Taken, before: str) -> None:
    put(payment, before)

    assert ledger.settle(payment, taken)

    assert Payment.objects.get().status == "paid"


@pytest.mark.parametrize(("token", "mismatched"), [("tok_older", False), ("tok_newer", True)])
def test_a_decline_told_of_a_paid_payment_is_late_or_a_contradiction(
    payment: Payment, taken: Taken, token: str, mismatched: bool
) -> None:
    ledger.settle(payment, taken)

    assert not ledger.fail(payment, "card_declined", token=token)

    payment.refresh_from_db()
    assert (payment.status, payment.mismatched) == ("paid", mismatched)


def test_that_the_money_is_under_way_told_after_it_arrived_is_only_late(payment: Payment, taken: Taken) -> None:
    ledger.settle(payment, taken)

    assert not ledger.process(payment)

    payment.refresh_from_db()
    assert (payment.status, payment.mismatched) == ("paid", False)


MOVES: dict[str, tuple[str, int, Callable[[Payment], object], str]] = {
    "a declined order expires": ("failed", 0, ledger.expire, "expired"),
    "a refund in part is disputed": ("partially_refunded", 500, lambda p: ledger.dispute(p, "fraudulent"), "disputed"),
    "a refund is disputed": ("refunded", 2000, lambda p: ledger.dispute(p, "fraudulent"), "disputed"),
    "a refund ends no dispute": ("disputed", 0, lambda p: ledger.follow_refunds(p, lambda: 500), "disputed"),
    "a refund wins no lost dispute": ("lost", 0, lambda p: ledger.follow_refunds(p, lambda: 500), "lost"),
    "a dispute won keeps the refund": (
        "disputed",
        500,
        lambda p: ledger.close_dispute(p, won=True),
        "partially_refunded",
    ),
    "a lost dispute stays closed": ("lost", 0, lambda p: ledger.dispute(p, "fraudulent"), "lost"),
    "a dispute lost before it was told of": ("paid", 0, lambda p: ledger.close_dispute(p, won=False), "lost"),
    "a refund in part, and then lost": (
        "partially_refunded",
        500,
        lambda p: ledger.close_dispute(p, won=False),
        "lost",
    ),
}


@pytest.mark.parametrize(("before", "refunded", "move", "after"), MOVES.values(), ids=MOVES)
def test_refunds_and_disputes_may_cross(
    payment: Payment, before: str, refunded: int, move: Callable[[Payment], object], after: str
) -> None:
    put(payment, before, refunded)

    move(payment)

    payment.refresh_from_db()
    assert (payment.status, payment.mismatched) == (after, False)


@pytest.mark.parametrize(
    ("our_reads", "their_read"), [([300, 700], 700), ([700, 700], 300)], ids=["we read first", "they read first"]
)
def test_a_refund_that_another_machine_records_while_we_ask_is_neither_overwritten_nor_missed(
    payment: Payment, our_reads: list[int], their_read: int
) -> None:
    put(payment, "partially_refunded", 100)
    answers = iter(our_reads)

    def read() -> int:
        if Payment.objects.get().amount_refunded == 100:
            ledger.follow_refunds(Payment.objects.get(), lambda: their_read)
        return next(answers)

    ledger.follow_refunds(payment, read)

    assert Payment.objects.get().amount_refunded == 700


@pytest.mark.django_db(transaction=True)
def test_a_move_whose_history_cannot_be_written_is_not_made(payment: Payment) -> None:
    def no_history(execute: Callable, sql: str, *args: object) -> object:
        if sql.startswith('INSERT INTO "bbs_historyentry"'):
            raise OperationalError("the disk is full")
        return execute(sql, *args)

    with connection.execute_wrapper(no_history), pytest.raises(OperationalError):
        ledger.expire(payment)

    assert Payment.objects.get().status == "pending"


def test_a_dispute_that_is_won_while_money_is_given_back_ends_where_the_refund_leads(payment: Payment) -> None:
    put(payment, "disputed")
    Payment.objects.update(amount_refunded=500)

    assert ledger.close_dispute(payment, won=True)

    payment.refresh_from_db()
    assert (payment.status, payment.amount_refunded) == ("partially_refunded", 500)
    assert told(payment, "dispute_closed") == ["won"]
