"""Refunds and disputes of a paid payment, notified in any order, or not at all."""

from __future__ import annotations

import pytest
import stripe
from django.core.management import CommandError

from bbs import payments
from bbs.models import HistoryEntry, Mail, Payment
from bbs.payments.refunds_and_disputes import EVENTS
from tests.stage.people import Visitor
from tests.stage.stories import pay, run, send, thanks
from tests.stage.stripe_side import signed_deliveries

INQUIRY = "4000000000001976"
REFUND_PENDING = "4000000000007726"
REFUND_FAILS = "4000000000005126"

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.mark.parametrize("flow", ["modern", "legacy"])
@pytest.mark.parametrize(("evidence", "end"), [("winning_evidence", "paid"), ("losing_evidence", "lost")])
def test_a_dispute_is_shown_and_followed_to_its_end(
    mike: Visitor, webhooks, flow: str, evidence: str, end: str
) -> None:
    pay(mike, flow, "4000000000000259")
    webhooks(ahead=60)
    assert Payment.objects.get().status == "disputed"
    assert "disputed" in mike.get(Payment.objects.get().get_absolute_url()).text

    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": evidence}, submit=True)
    webhooks(times=2, ahead=60)

    assert Payment.objects.get().status == end
    assert thanks() == 1
    assert not HistoryEntry.objects.filter(kind="mismatch").exists()


def test_refunds_notified_in_the_wrong_order_add_up_to_what_stripe_says_now(mike: Visitor) -> None:
    pay(mike, "legacy")
    for amount in (300, 400):
        stripe.Refund.create(charge=Payment.objects.get().charge_id, amount=amount)

    for delivery in reversed(signed_deliveries()):
        assert send([delivery]) == {200}

    assert Payment.objects.get().amount_refunded == 700


def test_a_dispute_whose_end_arrives_before_its_beginning_is_closed(mike: Visitor) -> None:
    pay(mike, "legacy", "4000000000000259")
    opened = signed_deliveries(ahead=60)
    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "winning_evidence"}, submit=True)

    for delivery in reversed([*opened, *signed_deliveries(ahead=60)]):
        assert send([delivery]) == {200}

    payment = Payment.objects.get()
    assert (payment.status, payment.mismatched) == ("paid", False)


def test_a_dispute_that_no_webhook_notified_is_found_from_its_beginning_to_its_end(mike: Visitor) -> None:
    pay(mike, "legacy", "4000000000000259")
    signed_deliveries(ahead=60)  # all of them lost
    mike.post(Payment.objects.get().get_absolute_url(), {})
    assert Payment.objects.get().status == "disputed"

    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "losing_evidence"}, submit=True)
    signed_deliveries(ahead=60)  # all of them lost
    run("reconcile_payments")

    assert Payment.objects.get().status == "lost"


def answer(evidence: str) -> None:
    """Hand in the text that decides how Stripe's test mode ends the one dispute."""
    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": evidence}, submit=True)


def the_payment() -> tuple[str, int]:
    payment = Payment.objects.get()
    return payment.status, payment.amount_refunded


def history(*kinds: str) -> list[tuple[str, str]]:
    """The kinds and details of these entries, as a visitor reads them."""
    return [(entry.kind, entry.shown_detail) for entry in HistoryEntry.objects.filter(kind__in=kinds)]


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_an_inquiry_is_no_dispute_until_it_is_escalated(mike: Visitor, webhooks, flow: str) -> None:
    pay(mike, flow, INQUIRY)
    webhooks(times=2, ahead=60)

    receipt = mike.get(Payment.objects.get().get_absolute_url()).text
    assert the_payment() == ("inquiry", 0)
    assert "Paid ¥2,000; your bank has opened an inquiry" in receipt
    assert "no money has moved" in receipt
    assert "disputed" not in receipt
    assert thanks() == 1

    answer("escalate_inquiry_evidence")
    webhooks()
    assert the_payment() == ("inquiry", 0)  # until the bank has decided
    webhooks(times=2, ahead=60)

    assert the_payment() == ("disputed", 0)
    assert "and disputed" in mike.get(Payment.objects.get().get_absolute_url()).text
    assert [kind for kind, _detail in history("inquiry", "disputed")] == ["inquiry", "disputed"]


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_an_inquiry_can_be_refunded_and_shows_as_refunded_once_all_was_given_back(
    mike: Visitor, webhooks, flow: str
) -> None:
    pay(mike, flow, INQUIRY)
    webhooks(ahead=60)

    payments.refund(Payment.objects.get(), 500)
    webhooks(times=2)
    assert the_payment() == ("inquiry", 500)

    payments.refund(Payment.objects.get())
    webhooks(times=2)
    assert the_payment() == ("refunded", 2000)
    assert "Refunded ¥2,000" in mike.get(Payment.objects.get().get_absolute_url()).text

    stripe.Dispute.close(stripe.Dispute.list().data[0].id)
    webhooks(times=2)
    assert the_payment() == ("refunded", 2000)
    assert "The books agree." in run("check_books")


@pytest.mark.parametrize(("refunded", "end"), [(0, "paid"), (500, "partially_refunded")])
@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_an_inquiry_that_is_closed_leaves_a_paid_payment_and_nothing_was_won(
    mike: Visitor, webhooks, flow: str, refunded: int, end: str
) -> None:
    pay(mike, flow, INQUIRY)
    webhooks(ahead=60)
    if refunded:
        payments.refund(Payment.objects.get(), refunded)

    answer("winning_evidence")
    webhooks(times=2, ahead=60)

    assert the_payment() == (end, refunded)
    assert history("inquiry_closed", "dispute_closed") == [("inquiry_closed", "")]


@pytest.mark.parametrize(
    ("evidence", "end"),
    [("winning_evidence", "paid"), ("escalate_inquiry_evidence", "disputed")],
    ids=["closed", "escalated"],
)
def test_the_outcome_of_an_inquiry_is_the_same_in_whatever_order_its_events_arrive(
    mike: Visitor, evidence: str, end: str
) -> None:
    pay(mike, "modern", INQUIRY)
    opened = signed_deliveries(ahead=60)
    answer(evidence)

    for delivery in reversed([*opened, *signed_deliveries(ahead=60)]):
        assert send([delivery]) == {200}

    assert the_payment() == (end, 0)
    assert not Payment.objects.get().mismatched


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_an_inquiry_that_no_webhook_notified_is_found_and_followed(mike: Visitor, flow: str) -> None:
    pay(mike, flow, INQUIRY)
    signed_deliveries(ahead=60)  # all of them lost

    assert "differences: 1" in run("reconcile_payments")
    assert the_payment() == ("inquiry", 0)
    assert "The books agree." in run("check_books")

    answer("escalate_inquiry_evidence")
    signed_deliveries(ahead=60)  # all of them lost
    assert "1 disputed" in run("reconcile_payments")
    assert the_payment() == ("disputed", 0)


@pytest.mark.parametrize("amount_refunded", [0, 2000])
def test_a_row_that_calls_an_inquiry_a_dispute_is_put_right_at_the_next_look(
    mike: Visitor, amount_refunded: int
) -> None:
    pay(mike, "legacy", INQUIRY)
    signed_deliveries(ahead=60)
    if amount_refunded:
        stripe.Refund.create(charge=Payment.objects.get().charge_id)
    Payment.objects.update(status="disputed", amount_refunded=amount_refunded)

    run("reconcile_payments")

    assert the_payment() == ("refunded" if amount_refunded else "inquiry", amount_refunded)


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_refund_that_is_under_way_is_shown_so_until_it_arrives(
    mike: Visitor, webhooks, admin_client, flow: str
) -> None:
    pay(mike, flow, REFUND_PENDING)
    payments.refund(Payment.objects.get())
    payment = Payment.objects.get()

    receipt = mike.get(payment.get_absolute_url()).text
    assert "Refund of ¥2,000 is under way" in receipt
    assert "Refunded" not in receipt
    assert "refund under way" in admin_client.get("/admin/bbs/payment/").content.decode()

    webhooks(times=2, ahead=60)

    assert the_payment() == ("refunded", 2000)
    assert "Refunded ¥2,000" in mike.get(payment.get_absolute_url()).text
    assert history("refund_pending", "refunded") == [("refund_pending", "¥2,000"), ("refunded", "¥2,000")]


def test_what_is_under_way_is_not_counted_as_given_back(mike: Visitor, webhooks) -> None:
    pay(mike, "modern", REFUND_PENDING)
    payment = Payment.objects.get()
    payments.refund(payment, 300)
    webhooks(ahead=60)
    payments.refund(payment, 500)

    receipt = mike.get(payment.get_absolute_url()).text

    assert "Paid ¥2,000, of which ¥300 was refunded" in receipt
    assert "Refund of ¥500 is under way" in receipt


def test_a_refund_under_way_is_fetched_until_it_is_final(mike: Visitor) -> None:
    pay(mike, "modern", REFUND_PENDING)
    payments.refund(Payment.objects.get())
    Payment.objects.update(created_at="2026-01-01T00:00Z")
    signed_deliveries(ahead=60)  # all of them lost

    assert "1 refunded" in run("reconcile_payments")

    assert not Payment.objects.get().amount_refund_open
    assert "none open" in run("reconcile_payments")


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_refund_under_way_is_fetched_whenever_the_payment_is(mike: Visitor, flow: str) -> None:
    pay(mike, flow, REFUND_PENDING)
    payments.refund(Payment.objects.get())
    assert Payment.objects.get().amount_refund_open == 2000
    signed_deliveries(ahead=60)  # all of them lost

    mike.post(Payment.objects.get().get_absolute_url(), {})

    assert Payment.objects.get().amount_refund_open == 0
    assert the_payment() == ("refunded", 2000)


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_refund_that_fails_is_shown_and_the_staff_are_notified_once(
    mike: Visitor, webhooks, mailoutbox, admin_client, flow: str
) -> None:
    pay(mike, flow, REFUND_FAILS)
    payment = Payment.objects.get()
    payments.refund(payment)
    mailoutbox.clear()

    webhooks(times=2, ahead=60)

    assert the_payment() == ("paid", 0)
    assert history("refunded", "refund_failed") == [("refunded", "¥2,000"), ("refund_failed", "¥2,000")]
    assert "Refund of ¥2,000 failed, and the amount was returned to us." in mike.get(payment.get_absolute_url()).text
    (mail,) = mailoutbox
    failed = stripe.Refund.list().data[0]
    assert (mail.to, mail.subject) == (["staff@localhost"], "Refund failed: ¥2,000, T-shirt × 1")
    assert all(text in mail.body for text in (failed.id, failed.failure_reason, str(payment.pk), "¥2,000 of ¥2,000"))
    assert failed.failure_reason in admin_client.get(f"/admin/bbs/payment/{payment.pk}/change/").content.decode()
    assert "The books agree." in run("check_books")


def test_once_it_was_given_back_after_all_a_failure_is_only_in_the_history(mike: Visitor, webhooks) -> None:
    pay(mike, "modern", REFUND_FAILS)
    payment = Payment.objects.get()
    payments.refund(payment)
    webhooks(ahead=60)

    payments.refund(Payment.objects.get())

    receipt = mike.get(payment.get_absolute_url()).text
    assert "Refunded ¥2,000" in receipt
    assert "was returned to us" not in receipt
    assert "a refund failed" in receipt


def test_of_several_refunds_that_fail_one_after_the_other_each_is_reported(mike: Visitor, webhooks, mailoutbox) -> None:
    pay(mike, "legacy", REFUND_FAILS)
    charge = Payment.objects.get().charge_id
    for amount in (300, 400):
        stripe.Refund.create(charge=charge, amount=amount)  # in the Dashboard
    webhooks()
    assert the_payment() == ("partially_refunded", 700)
    mailoutbox.clear()

    webhooks(times=2, ahead=60)

    assert the_payment() == ("paid", 0)
    assert [mail.subject for mail in mailoutbox] == [f"Refund failed: ¥{n}, T-shirt × 1" for n in (300, 400)]
    assert Mail.objects.filter(kind="refund_failed").count() == 2


def test_a_refund_that_failed_before_it_was_recorded_is_reported_by_its_event(mike: Visitor, mailoutbox) -> None:
    pay(mike, "modern", REFUND_FAILS)
    stripe.Refund.create(charge=Payment.objects.get().charge_id)
    deliveries = signed_deliveries(ahead=60)
    mailoutbox.clear()

    for delivery in reversed(deliveries):
        assert send([delivery]) == {200}

    assert the_payment() == ("paid", 0)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("again", [False, True], ids=["alone", "with another of the same amount"])
def test_a_refund_whose_failure_no_webhook_notified_is_found(mike: Visitor, mailoutbox, again: bool) -> None:
    pay(mike, "modern", REFUND_FAILS)
    charge = Payment.objects.get().charge_id
    stripe.Refund.create(charge=charge, amount=500)
    signed_deliveries(ahead=60)  # all of them lost
    if again:
        stripe.Refund.create(charge=charge, amount=500)
    mailoutbox.clear()
    with pytest.raises(CommandError):
        run("check_books")

    run("reconcile_payments")

    assert the_payment() == (("partially_refunded", 500) if again else ("paid", 0))
    assert [mail.subject for mail in mailoutbox] == ["Refund failed: ¥500, T-shirt × 1"]
    assert "The books agree." in run("check_books")


def test_more_refunds_than_come_with_their_charge_are_all_recorded(mike: Visitor) -> None:
    pay(mike, "legacy")
    for amount in range(1, 13):
        stripe.Refund.create(charge=Payment.objects.get().charge_id, amount=amount)

    run("reconcile_payments")

    assert sorted(Payment.objects.get().refunds.values_list("amount", flat=True)) == list(range(1, 13))


def test_a_dispute_of_no_charge_is_not_taken_for_the_newest_one_of_the_account(mike: Visitor, payment: Payment) -> None:
    pay(mike, "legacy", "4000000000000259")
    signed_deliveries(ahead=60)
    assert stripe.Dispute.list().data

    with pytest.raises(ValueError, match=r"no id of Stripe's"):
        EVENTS["charge.dispute.created"](payment, stripe.Dispute.construct_from({"charge": None}, key=None))

    payment.refresh_from_db()
    assert payment.status == "pending"


@pytest.mark.parametrize(("kind", "fields"), [("charge", {"id": "ch_2"}), ("refund", {"id": "re_2", "charge": "ch_2"})])
def test_a_refund_of_another_charge_is_kept_for_staff(mike: Visitor, kind: str, fields: dict[str, str]) -> None:
    pay(mike, "legacy")
    payment = Payment.objects.get()
    changed = stripe.StripeObject.construct_from({"object": kind} | fields, key=None)

    EVENTS["charge.refunded"](payment, changed)

    assert the_payment() == ("paid", 0)
    assert history("mismatch") == [("mismatch", f"refund of ch_2, and not of our {payment.charge_id}")]
