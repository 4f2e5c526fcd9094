"""Reconciliation and comparison: what Stripe says was taken equals what our books say was paid."""

from __future__ import annotations

import datetime
import io
import json

import pytest
import stripe
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from bbs.models import HistoryEntry, Mail, Payment, Topic, WebhookEvent
from tests.stage.people import DECLINED, VISA, Visitor
from tests.stage.stories import pay_unnoticed, send
from tests.stage.stripe_side import signed_deliveries

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


def run(command: str, *args: str) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out, stderr=out)
    return out.getvalue()


def pay(visitor: Visitor, flow: str, number: str = VISA, **choice: str) -> None:
    visitor.switch_flow(flow)
    order = visitor.see_order(**choice)
    if flow == "legacy":
        visitor.post("/checkout/", {"order": order, **visitor.enter_card(number)})
    else:
        visitor.pay_on_stripes_page(visitor.post("/checkout/", {"order": order}), number)


def thanks() -> int:
    return Topic.objects.filter(payment__isnull=False).count()


def test_books_that_agree_are_said_to_and_the_sums_are_shown_by_flow_and_currency(mike: Visitor) -> None:
    pay(mike, "modern", quantity="2")
    pay(mike, "legacy", product="sunglass-101")
    pay(mike, "legacy", DECLINED)

    report = run("check_books")

    assert "legacy usd  ours $20.00  Stripe's $20.00  difference $0.00" in report
    assert "modern jpy  ours ¥4,000  Stripe's ¥4,000  difference ¥0" in report
    assert "The books agree." in report


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_what_no_webhook_ever_told_is_found_and_settled(settings, mike: Visitor, flow: str) -> None:
    mike.switch_flow(flow)
    order = mike.see_order()
    if flow == "legacy":
        card = mike.enter_card(VISA)
        settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.AnswerLost"
        assert mike.post("/checkout/", {"order": order, **card}).status_code == 503
        settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    else:
        page = mike.post("/checkout/", {"order": order})
        mike.http.max_redirects = 0
        with pytest.raises(Exception, match="Exceeded 0 redirects"):
            mike.pay_on_stripes_page(page, VISA)
    assert Payment.objects.get().status == "pending"
    with pytest.raises(CommandError, match="differ on 1 payments"):
        run("check_books")

    assert "would be asked about" in run("reconcile_payments", "--dry-run")
    assert Payment.objects.get().status == "pending"
    assert "1 paid" in run("reconcile_payments")

    assert thanks() == 1
    assert Mail.objects.filter(sent_at__isnull=False).count() == 2
    assert "The books agree." in run("check_books")
    assert "none open" in run("reconcile_payments")


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_refund_of_which_no_webhook_told_is_found(mike: Visitor, flow: str) -> None:
    pay(mike, flow)
    payment = Payment.objects.get()
    stripe.Refund.create(charge=payment.charge_id, amount=300)

    assert "differences: 1" in run("reconcile_payments")

    payment.refresh_from_db()
    assert (payment.status, payment.amount_refunded) == ("partially_refunded", 300)
    assert "The books agree." in run("check_books")


def test_money_for_an_order_we_had_given_up_is_found(mike: Visitor) -> None:
    pay(mike, "legacy")
    Topic.objects.filter(payment__isnull=False).delete()
    Mail.objects.all().delete()
    Payment.objects.update(status="expired", paid_at=None, charge_id=None)

    run("reconcile_payments")

    assert Payment.objects.get().status == "paid"
    assert thanks() == 1


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_an_order_of_which_stripe_knows_nothing_is_given_up_only_after_a_day(
    settings, mike: Visitor, flow: str
) -> None:
    mike.switch_flow(flow)
    card = mike.enter_card(VISA)
    form = {"order": mike.see_order()} | (card if flow == "legacy" else {})
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"
    assert mike.post("/checkout/", form).status_code == 503
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"

    assert "1 pending" in run("reconcile_payments")
    Payment.objects.update(created_at=Payment.objects.get().created_at - datetime.timedelta(hours=26))
    assert "1 expired" in run("reconcile_payments")


def test_stripe_being_away_is_told_by_the_exit_code_and_loses_nothing(settings, mike: Visitor) -> None:
    mike.post("/checkout/", {"order": mike.see_order()})
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"

    with pytest.raises(CommandError, match="the next run asks again"):
        run("reconcile_payments")
    with pytest.raises(CommandError, match="could not be asked"):
        run("check_books")

    assert Payment.objects.get().status == "pending"


def test_an_event_that_met_trouble_waits_and_is_processed_later(settings, mike: Visitor) -> None:
    pay(mike, "modern")
    stripe.Refund.create(charge=Payment.objects.get().charge_id, amount=500)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"
    assert 503 in send(signed_deliveries())
    waiting = WebhookEvent.objects.filter(processed_at__isnull=True)
    assert {event.error for event in waiting} == {"APIConnectionError"}
    assert Payment.objects.get().amount_refunded == 0
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"

    run("reconcile_payments")

    assert not waiting.all().exists()
    assert Payment.objects.get().amount_refunded == 500


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_money_is_given_back_by_command_whatever_the_flag_says_now(mike: Visitor, flow: str, settings) -> None:
    pay(mike, flow)
    settings.PAYMENT_FLOW = "legacy" if flow == "modern" else "modern"
    reference = str(Payment.objects.get().pk)

    assert "¥500 of ¥2,000 given back in all, now partially_refunded" in run(
        "refund_payment", reference, "--amount=500"
    )
    assert "now refunded" in run("refund_payment", reference, "--reason=duplicate")
    with pytest.raises(CommandError, match="0 are left"):
        run("refund_payment", reference)

    assert "The books agree." in run("check_books")
    assert [refund.reason for refund in stripe.Refund.list()] == ["duplicate", "requested_by_customer"]


@pytest.mark.parametrize("amount", ["0", "-1", "2001"])
def test_an_amount_that_cannot_be_given_back_is_refused(mike: Visitor, amount: str) -> None:
    pay(mike, "modern")

    with pytest.raises(CommandError, match="cannot be given back"):
        run("refund_payment", str(Payment.objects.get().pk), f"--amount={amount}")

    assert stripe.Refund.list().data == []


def test_a_payment_that_is_none_is_said_to_be() -> None:
    with pytest.raises(CommandError, match="There is no payment"):
        run("refund_payment", "0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f")


@pytest.mark.parametrize("since", ["yesterday", "2026-13-40", ""])
def test_a_since_that_is_no_date_is_refused(since: str) -> None:
    with pytest.raises(CommandError, match="neither a date"):
        run("check_books", f"--since={since}")


def test_only_what_happened_since_is_compared(mike: Visitor) -> None:
    pay(mike, "modern")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    assert "jpy" not in run("check_books", f"--since={tomorrow}")


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
    webhooks(times=2)

    assert Payment.objects.get().status == end
    assert thanks() == 1
    assert not HistoryEntry.objects.filter(kind="mismatch").exists()


def test_a_dispute_that_lasts_for_weeks_is_asked_about_until_it_is_closed(mike: Visitor, webhooks) -> None:
    pay(mike, "legacy", "4000000000000259")
    webhooks(ahead=60)
    Payment.objects.update(created_at=timezone.now() - datetime.timedelta(days=30))
    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "losing_evidence"}, submit=True)

    run("reconcile_payments")

    assert Payment.objects.get().status == "lost"


def test_refunds_told_in_the_wrong_order_add_up_to_what_stripe_says_now(mike: Visitor) -> None:
    pay(mike, "legacy")
    for amount in (300, 400):
        stripe.Refund.create(charge=Payment.objects.get().charge_id, amount=amount)

    for delivery in reversed(signed_deliveries()):
        assert send([delivery]) == {200}

    assert Payment.objects.get().amount_refunded == 700


def test_how_a_dispute_was_closed_told_before_that_it_was_opened_is_its_end(mike: Visitor) -> None:
    pay(mike, "legacy", "4000000000000259")
    opened = signed_deliveries(ahead=60)
    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "winning_evidence"}, submit=True)

    for delivery in reversed([*opened, *signed_deliveries()]):
        assert send([delivery]) == {200}

    payment = Payment.objects.get()
    assert (payment.status, payment.mismatched) == ("paid", False)


def test_a_dispute_of_which_no_webhook_told_is_found_from_its_beginning_to_its_end(mike: Visitor) -> None:
    pay(mike, "legacy", "4000000000000259")
    signed_deliveries(ahead=60)  # all of them lost
    mike.post(Payment.objects.get().get_absolute_url(), {})
    assert Payment.objects.get().status == "disputed"

    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "losing_evidence"}, submit=True)
    run("reconcile_payments")

    assert Payment.objects.get().status == "lost"


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_dispute_of_which_nobody_told_is_found_by_reconciling_and_asked_about_until_it_is_closed(
    mike: Visitor, flow: str
) -> None:
    pay(mike, flow, "4000000000000259")
    signed_deliveries(ahead=60)  # all of them lost

    assert "differences: 1" in run("reconcile_payments")
    assert Payment.objects.get().status == "disputed"

    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "winning_evidence"}, submit=True)
    run("reconcile_payments")
    assert Payment.objects.get().status == "paid"
    assert "differences: 0" in run("reconcile_payments")


def test_a_dispute_won_before_anybody_told_of_it_is_asked_about_once(mike: Visitor) -> None:
    pay(mike, "legacy", "4000000000000259")
    signed_deliveries(ahead=60)
    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "winning_evidence"}, submit=True)
    signed_deliveries(ahead=60)  # all of them lost

    with pytest.raises(CommandError):
        run("check_books")
    assert "differences: 1" in run("reconcile_payments")

    assert Payment.objects.get().status == "paid"
    assert "differences: 0" in run("reconcile_payments")
    run("check_books")


def test_an_event_on_which_the_code_fails_holds_up_no_other_the_next_time(mike: Visitor) -> None:
    pay(mike, "modern")
    events = [json.loads(body) for body, _headers in signed_deliveries()]
    event = next(event for event in events if event["type"] == "checkout.session.completed")
    whole = json.dumps(event)
    del event["data"]["object"]["amount_total"]
    for name, body in {"evt_broken": json.dumps(event), "evt_whole": whole}.items():
        WebhookEvent.objects.create(pk=name, type="checkout.session.completed", payload=body)

    for _ in range(2):
        with pytest.raises(AttributeError):
            run("reconcile_payments")

    assert list(WebhookEvent.objects.filter(processed_at=None).values_list("pk", flat=True)) == ["evt_broken"]


@pytest.mark.parametrize("minutes", [5, -5], ids=["fast", "slow"])
def test_a_clock_that_is_five_minutes_off_finds_the_charge_and_compares_the_books_all_the_same(
    settings, mike: Visitor, minutes: int
) -> None:
    pay_unnoticed(mike, settings, "legacy")
    opened = Payment.objects.get().created_at + datetime.timedelta(minutes=minutes)
    Payment.objects.update(created_at=opened)

    assert "1 paid" in run("reconcile_payments")

    assert "The books agree." in run("check_books", f"--since={opened.isoformat()}")


def test_a_clock_that_is_six_minutes_fast_refuses_webhooks_and_reconcile_finds_the_payment(
    mike: Visitor, webhooks
) -> None:
    page = mike.post("/checkout/", {"order": mike.see_order()})
    mike.http.max_redirects = 0
    with pytest.raises(Exception, match="Exceeded 0 redirects"):
        mike.pay_on_stripes_page(page, VISA)

    ahead = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=6)
    with time_machine.travel(ahead, tick=True):
        run("reconcile_payments")

    assert Payment.objects.get().status == "paid"
