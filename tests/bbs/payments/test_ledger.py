"""What a payment may become: each move holds against notifications that are late, doubled or of another charge."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import stripe
from django.db import OperationalError, connection
from django.utils import timezone

from bbs import payments
from bbs.models import Mail, Payment, Topic, WebhookEvent
from bbs.payments import ledger, refunds_and_disputes
from bbs.payments.captured import Captured
from bbs.payments.references import refund_key
from bbs.payments.refunds_and_disputes import Refunded

pytestmark = pytest.mark.django_db


@pytest.fixture
def captured(payment: Payment) -> Captured:
    """The money for it, in full."""
    return Captured(reference=payment.pk, amount=2000, currency="jpy", livemode=False, charge_id="ch_1")


def put(payment: Payment, status: str, amount_refunded: int = 0) -> None:
    """Put a payment where the test begins."""
    payment.status, payment.amount_refunded = status, amount_refunded
    if status not in ledger.UNPAID:
        payment.paid_at, payment.charge_id = timezone.now(), "ch_1"
    payment.save()


def settle_unread(captured: Captured, flow: str = "legacy") -> bool:
    """Settle by a new event, without the row."""
    event = WebhookEvent(pk="evt_1", type="charge.succeeded", payload="{}", received_at=timezone.now())
    return ledger.settle_unread(flow, captured, event, payments.complete_and_send)


def details_of(payment: Payment, kind: str) -> list[str]:
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
    payment: Payment, captured: Captured, other: dict[str, object], detail: str
) -> None:
    payment.checkout_session_id = "cs_1"
    payment.save()
    different = replace(captured, **{"checkout_session_id": "cs_1", **other})

    assert not settle_unread(different)
    assert not payment.history.exists()
    assert not ledger.settle(payment, different)

    payment.refresh_from_db()
    assert (payment.status, payment.mismatched) == ("pending", True)
    assert details_of(payment, "mismatch") == [detail.format(payment=payment)]
    assert not Topic.objects.filter(payment=payment).exists()
    assert not Mail.objects.exists()


def test_a_settlement_writes_what_the_models_say(payment: Payment, captured: Captured) -> None:
    names = ("payment_intent_id", "charge_id", "payment_method", "card_brand", "card_last4")
    details = {name: name[-4:] for name in names} | {"charge_id": "ch_1", "email": "hanako@example.com"}
    untouched = {field.attname: getattr(payment, field.attname) for field in Payment._meta.concrete_fields}

    assert ledger.settle(payment, replace(captured, **details))

    row = Payment.objects.get()
    written = {name: getattr(row, name) for name in untouched}
    assert written == untouched | details | {"status": "paid", "paid_at": payment.paid_at}
    assert all(getattr(payment, name) == value for name, value in written.items())
    for thing in (row.topic, *Mail.objects.all(), *payment.history.all()):
        own = {"id", "payment_id", "kind", "created_at"}
        fields = [field for field in thing._meta.concrete_fields if field.attname not in own]
        assert [getattr(thing, field.attname) for field in fields] == [field.get_default() for field in fields]
    assert row.topic.created_at - row.paid_at < timedelta(minutes=1)
    assert {mail.kind for mail in row.mails.all()} == {"customer", "staff"}


def test_an_event_settles_a_payment_that_was_not_read(payment: Payment, captured: Captured) -> None:
    Payment.objects.update(email="hanako@example.com")

    assert settle_unread(captured)

    row = Payment.objects.get()
    assert (row.status, row.charge_id, row.topic.payment_id) == ("paid", "ch_1", payment.pk)
    assert [(entry.kind, entry.detail) for entry in payment.history.order_by("pk")] == [
        ("webhook", "charge.succeeded"),
        ("paid", ""),
    ]
    assert [mail.kind for mail in payment.mails.order_by("pk")] == ["customer", "staff"]
    assert row.events.get().error == ""


@pytest.mark.parametrize("before", ["paid", "partially_refunded", "refunded", "inquiry", "disputed", "lost"])
def test_a_payment_that_was_paid_has_to_be_read(payment: Payment, captured: Captured, before: str) -> None:
    put(payment, before)

    assert not settle_unread(captured)

    assert (Payment.objects.get().status, payment.history.count(), Mail.objects.count()) == (before, 0, 0)


@pytest.mark.parametrize("flow", ["modern", ""])
def test_an_event_of_the_other_flow_settles_nothing(payment: Payment, captured: Captured, flow: str) -> None:
    assert not settle_unread(captured, flow)

    assert (Payment.objects.get().status, payment.history.count()) == ("pending", 0)


def test_an_event_that_is_stored_already_or_names_ids_of_another_payment_leaves_the_rest_to_those_who_read(
    payment: Payment, captured: Captured, other: Payment
) -> None:
    assert not settle_unread(replace(captured, charge_id="ch_9"))
    WebhookEvent.objects.create(pk="evt_1", type="charge.succeeded", payload="{}")
    assert not settle_unread(captured)

    assert (Payment.objects.get(pk=payment.pk).status, payment.history.count()) == ("pending", 0)


def test_what_a_shorter_notification_leaves_out_stays_as_it_was(payment: Payment, captured: Captured) -> None:
    Payment.objects.update(email="hanako@example.com", checkout_session_id="cs_1")
    payment.refresh_from_db()

    assert ledger.settle(payment, replace(captured, checkout_session_id="cs_1"))

    row = Payment.objects.get()
    assert (row.email, row.checkout_session_id, row.payment_intent_id) == ("hanako@example.com", "cs_1", None)


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
    payment: Payment, captured: Captured, other: Payment, same: str, was_paid: bool
) -> None:
    if was_paid:  # by an event, which names no charge yet
        assert ledger.settle(payment, replace(captured, charge_id=None, payment_intent_id="pi_1"))

    assert not ledger.settle(payment, replace(captured, **{same: getattr(other, same)}))

    payment.refresh_from_db()
    assert (payment.is_paid, payment.mismatched) == (was_paid, True)
    assert details_of(payment, "mismatch")[0].endswith(f"already on payment {other.pk}")
    assert Topic.objects.filter(payment=payment).exists() == was_paid


def test_a_session_that_is_already_on_another_payment_is_kept_for_staff(payment: Payment, other: Payment) -> None:
    assert not ledger.record_session(payment, "cs_9")

    payment.refresh_from_db()
    assert (payment.checkout_session_id, payment.mismatched) == (None, True)


def test_of_two_sessions_the_one_that_was_recorded_first_stays(payment: Payment) -> None:
    stale = Payment.objects.get()
    assert ledger.record_session(payment, "cs_1")

    assert not ledger.record_session(stale, "cs_2")

    assert (stale.checkout_session_id, Payment.objects.get().checkout_session_id) == ("cs_1", "cs_1")
    assert len(details_of(payment, "sent_to_stripe")) == 1
    assert ledger.record_session(stale, "cs_1")


def test_money_for_which_stripe_names_no_payment_intent_and_no_charge_is_kept_for_staff(
    payment: Payment, captured: Captured
) -> None:
    assert not settle_unread(replace(captured, charge_id=None))
    assert not ledger.settle(payment, replace(captured, charge_id=None))

    payment.refresh_from_db()
    assert (payment.status, payment.mismatched) == ("pending", True)


@pytest.mark.parametrize(("session", "paid"), [("cs_1", True), ("cs_2", False)], ids=["the same", "another"])
def test_money_of_a_session_to_which_nobody_was_sent_does_not_displace_the_one_claimed_meanwhile(
    payment: Payment, captured: Captured, session: str, paid: bool
) -> None:
    Payment.objects.update(checkout_session_id="cs_1")  # by another machine: `payment` has none yet

    assert ledger.settle(payment, replace(captured, checkout_session_id=session)) == paid

    payment.refresh_from_db()
    assert (payment.checkout_session_id, payment.is_paid, payment.mismatched) == ("cs_1", paid, not paid)


def test_more_given_back_than_was_paid_is_kept_for_staff(payment: Payment) -> None:
    put(payment, "paid")

    for amount, refunds in ((2001, []), (0, [refund("re_1", 2001)])):
        assert record(payment, amount, *refunds)

    payment.refresh_from_db()
    assert (payment.amount_refunded, payment.mismatched) == (0, True)


def test_money_that_was_taken_twice_is_kept_for_staff(payment: Payment, captured: Captured) -> None:
    ledger.settle(payment, captured)

    assert not ledger.settle(payment, replace(captured, charge_id="ch_2"))

    payment.refresh_from_db()
    assert (payment.status, payment.charge_id, payment.mismatched) == ("paid", "ch_1", True)


def test_money_that_was_taken_twice_is_kept_for_staff_though_the_first_charge_became_known_meanwhile(
    payment: Payment, captured: Captured
) -> None:
    ledger.settle(payment, replace(captured, charge_id=None, payment_intent_id="pi_1"))
    Payment.objects.update(charge_id="ch_2")  # by another machine: `payment` has none yet

    ledger.settle(payment, replace(captured, payment_intent_id="pi_1"))

    payment.refresh_from_db()
    assert (payment.charge_id, payment.mismatched) == ("ch_2", True)
    assert details_of(payment, "mismatch") == ["paid twice: ch_2 pi_1, and ch_1"]


def test_a_fuller_notification_of_the_same_charge_adds_what_the_first_one_left_out(
    payment: Payment, captured: Captured
) -> None:
    ledger.settle(payment, replace(captured, charge_id=None, payment_intent_id="pi_1"))

    ledger.settle(payment, replace(captured, payment_intent_id="pi_1", card_last4="4242"))

    payment.refresh_from_db()
    assert (payment.charge_id, payment.card_last4, payment.mismatched) == ("ch_1", "4242", False)
    assert Topic.objects.filter(payment=payment).count() == 1


def test_an_address_too_long_to_keep_costs_the_mail_and_not_the_delivery(payment: Payment, captured: Captured) -> None:
    assert ledger.settle(payment, replace(captured, email="a" * 250 + "@example.com"))

    assert (Payment.objects.get().status, Payment.objects.get().email) == ("paid", "")


@pytest.mark.parametrize("before", ["pending", "processing", "failed", "expired"])
def test_money_outweighs_whatever_we_thought_before(payment: Payment, captured: Captured, before: str) -> None:
    put(payment, before)

    assert ledger.settle(payment, captured)

    assert Payment.objects.get().status == "paid"


@pytest.mark.parametrize(("token", "mismatched"), [("tok_older", False), ("tok_newer", True)])
def test_a_decline_of_a_paid_payment_is_late_or_a_contradiction(
    payment: Payment, captured: Captured, token: str, mismatched: bool
) -> None:
    ledger.settle(payment, captured)

    assert not ledger.fail(payment, "card_declined", token=token)

    payment.refresh_from_db()
    assert (payment.status, payment.mismatched) == ("paid", mismatched)


def test_that_the_money_is_under_way_after_it_was_recorded_is_only_late(payment: Payment, captured: Captured) -> None:
    ledger.settle(payment, captured)

    assert not ledger.mark_processing(payment)

    payment.refresh_from_db()
    assert (payment.status, payment.mismatched) == ("paid", False)


def refund(name: str, amount: int, status: str = "succeeded", reason: str | None = None) -> stripe.Refund:
    """A refund as Stripe has it now."""
    fields = {"id": name, "amount": amount, "status": status, "failure_reason": reason}
    return stripe.Refund.construct_from(fields, key=None)


def record(payment: Payment, amount: int, *refunds: stripe.Refund) -> bool:
    """Record what Stripe answers when nothing happens meanwhile."""
    return refunds_and_disputes.record_refunds(payment, Refunded.of(payment), amount, refunds)


def given_back(amount: int) -> Callable[[Payment], object]:
    return lambda payment: record(payment, amount, refund("re_1", amount))


def disputed(status: str) -> Callable[[Payment], object]:
    return lambda payment: refunds_and_disputes.record_dispute(payment, status, "fraudulent")


MOVES: dict[str, tuple[str, int, Callable[[Payment], object], str]] = {
    "a declined order expires": ("failed", 0, ledger.expire, "expired"),
    "a refund in part is disputed": ("partially_refunded", 500, disputed("needs_response"), "disputed"),
    "a refund is disputed": ("refunded", 2000, disputed("under_review"), "disputed"),
    "a refund ends no dispute": ("disputed", 0, given_back(500), "disputed"),
    "a refund wins no lost dispute": ("lost", 0, given_back(500), "lost"),
    "a dispute won keeps the refund": ("disputed", 500, disputed("won"), "partially_refunded"),
    "a lost dispute stays closed": ("lost", 0, disputed("needs_response"), "lost"),
    "a lost dispute that is appealed against": ("lost", 0, disputed("appeal_under_review"), "lost"),
    "an appeal that is won": ("lost", 0, disputed("won"), "paid"),
    "a dispute lost before it was recorded": ("paid", 0, disputed("lost"), "lost"),
    "a refund in part, and then lost": ("partially_refunded", 500, disputed("lost"), "lost"),
    "a bank asks": ("paid", 0, disputed("warning_needs_response"), "inquiry"),
    "a bank has our answer": ("inquiry", 0, disputed("warning_under_review"), "inquiry"),
    "a bank asks after a refund in part": ("partially_refunded", 500, disputed("warning_needs_response"), "inquiry"),
    "a bank asks after a refund": ("refunded", 2000, disputed("warning_needs_response"), "refunded"),
    "a refund in part ends no inquiry": ("inquiry", 0, given_back(500), "inquiry"),
    "a refund in full does": ("inquiry", 0, given_back(2000), "refunded"),
    "an inquiry is closed": ("inquiry", 0, disputed("warning_closed"), "paid"),
    "an inquiry is closed after a refund in part": ("inquiry", 500, disputed("warning_closed"), "partially_refunded"),
    "an inquiry closed before it was recorded": ("paid", 0, disputed("warning_closed"), "paid"),
    "an inquiry is escalated": ("inquiry", 0, disputed("needs_response"), "disputed"),
    "an inquiry is escalated and lost": ("inquiry", 0, disputed("lost"), "lost"),
    "an inquiry that was recorded as a dispute": ("disputed", 0, disputed("warning_needs_response"), "inquiry"),
    "one that was, and was refunded": ("disputed", 2000, disputed("warning_needs_response"), "refunded"),
    "one that was, and is closed": ("disputed", 0, disputed("warning_closed"), "paid"),
    "a dispute of what we do not have as paid": ("pending", 0, disputed("needs_response"), "pending"),
    "a dispute that was prevented": ("paid", 0, disputed("prevented"), "paid"),
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
    ("status", "kind", "detail"),
    [
        ("warning_needs_response", "inquiry", "fraudulent"),
        ("warning_closed", "inquiry_closed", ""),
        ("needs_response", "disputed", "fraudulent"),
        ("won", "dispute_closed", "won"),
        ("lost", "dispute_closed", "lost"),
        ("prevented", "dispute_closed", "prevented"),
    ],
)
def test_what_a_bank_asks_or_decides_is_in_the_history_once(
    payment: Payment, status: str, kind: str, detail: str
) -> None:
    put(payment, "paid")

    for _ in range(2):
        refunds_and_disputes.record_dispute(payment, status, "fraudulent")

    assert [(entry.kind, entry.detail) for entry in payment.history.all()] == [(kind, detail)]


def test_a_dispute_read_before_another_machine_recorded_more_is_read_again(payment: Payment) -> None:
    put(payment, "inquiry")
    theirs = Payment.objects.get()
    refunds_and_disputes.record_dispute(theirs, "needs_response", "fraudulent")

    assert not refunds_and_disputes.record_dispute(payment, "warning_closed", "fraudulent")

    assert (payment.status, Payment.objects.get().status) == ("disputed", "disputed")


@pytest.mark.parametrize(
    ("first", "then", "kinds", "shown"),
    [
        ("pending", "succeeded", ["refund_pending", "refunded"], (700, 0)),
        ("requires_action", "pending", ["refund_action", "refund_pending"], (700, 700)),
        ("requires_action", "canceled", ["refund_action", "refund_canceled"], (0, 0)),
        ("succeeded", "failed", ["refunded", "refund_failed"], (0, 0)),
        ("pending", "failed", ["refund_pending", "refund_failed"], (0, 0)),
        ("pending", "pending", ["refund_pending"], (700, 700)),
    ],
)
def test_a_refund_is_followed_to_its_end(
    payment: Payment, first: str, then: str, kinds: list[str], shown: tuple[int, int]
) -> None:
    put(payment, "paid")
    record(payment, 700, refund("re_1", 700, first))

    record(payment, shown[0], refund("re_1", 700, then))

    assert [(entry.kind, entry.detail) for entry in payment.history.all()] == [(kind, "700 jpy") for kind in kinds]
    assert (payment.amount_refunded, payment.amount_refund_open) == shown
    assert payment.status == ("partially_refunded" if shown[0] else "paid")
    assert Mail.objects.filter(kind="refund_failed").count() == (then == "failed")


def test_each_refund_that_fails_is_reported_to_the_staff_once(payment: Payment) -> None:
    put(payment, "paid")
    one, other = refund("re_1", 300, "failed", "lost_or_stolen_card"), refund("re_2", 400, "failed")
    record(payment, 700, refund("re_1", 300), refund("re_2", 400))

    for _ in range(2):
        record(payment, 400, one, refund("re_2", 400))
    for _ in range(2):
        record(payment, 0, one, other)

    assert [mail.refund_id for mail in Mail.objects.order_by("pk")] == ["re_1", "re_2"]
    assert [row.failure_reason for row in payment.refunds.all()] == ["lost_or_stolen_card", ""]
    assert details_of(payment, "refund_failed") == ["300 jpy", "400 jpy"]


def test_after_a_refund_that_failed_the_same_amount_is_asked_for_afresh_even_when_the_sum_is_as_before(
    payment: Payment,
) -> None:
    put(payment, "paid")
    record(payment, 500, refund("re_1", 500))
    key = refund_key(payment, 500)

    record(payment, 500, refund("re_1", 500, "failed"), refund("re_2", 500))

    assert details_of(payment, "refunded") == ["500 jpy", "500 jpy"]
    assert details_of(payment, "refund_failed") == ["500 jpy"]
    assert refund_key(payment, 500) != key


def test_what_an_earlier_version_recorded_without_its_refunds_is_not_recorded_again(payment: Payment) -> None:
    put(payment, "partially_refunded", 500)

    record(payment, 800, refund("re_1", 500), refund("re_2", 300))

    assert details_of(payment, "refunded") == ["300 jpy"]
    assert payment.refunds.count() == 2


@pytest.mark.parametrize(
    ("our_reads", "their_read"), [([300, 700], 700), ([700, 700], 300)], ids=["we read first", "they read first"]
)
def test_a_refund_that_another_machine_records_while_we_ask_is_neither_overwritten_nor_missed(
    payment: Payment, our_reads: list[int], their_read: int
) -> None:
    put(payment, "partially_refunded", 100)
    theirs = Payment.objects.get()

    before = Refunded.of(payment)
    record(theirs, their_read)
    assert not refunds_and_disputes.record_refunds(payment, before, our_reads[0], [])
    assert record(payment, our_reads[1])

    assert Payment.objects.get().amount_refunded == 700


def test_a_refund_whose_status_another_machine_records_while_we_ask_is_asked_about_again(payment: Payment) -> None:
    put(payment, "paid")
    record(payment, 500, refund("re_1", 500, "pending"))
    before = Refunded.of(payment)
    record(Payment.objects.get(), 500, refund("re_1", 500))

    assert not refunds_and_disputes.record_refunds(
        payment, before, 500, [refund("re_1", 500, "pending"), refund("re_2", 1)]
    )

    assert [row.status for row in payment.refunds.all()] == ["succeeded"]


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

    assert not refunds_and_disputes.record_dispute(payment, "won", "fraudulent")
    assert refunds_and_disputes.record_dispute(payment, "won", "fraudulent")

    payment.refresh_from_db()
    assert (payment.status, payment.amount_refunded) == ("partially_refunded", 500)
    assert details_of(payment, "dispute_closed") == ["won"]


def test_a_refund_that_fails_twice_is_mailed_once(payment: Payment) -> None:
    put(payment, "paid")

    for status, amount in (("failed", 0), ("pending", 500), ("failed", 0)):
        assert record(payment, amount, refund("re_1", 500, status))

    payment.refresh_from_db()
    assert (payment.status, payment.amount_refunded) == ("paid", 0)
    assert Mail.objects.filter(kind="refund_failed").count() == 1
