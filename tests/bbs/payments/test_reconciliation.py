"""Reconciliation and comparison: what Stripe says was taken equals what our books say was paid."""

from __future__ import annotations

import datetime
import io
import json
import re

import pytest
import stripe
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from bbs import mails, payments
from bbs.models import HistoryEntry, Mail, Payment, Topic, WebhookEvent
from bbs.payments import ledger, reconciliation
from bbs.payments.captured import Captured
from tests.stage.people import VISA, Visitor
from tests.stage.stories import pay, pay_unnoticed, run, send, thanks
from tests.stage.stripe_side import signed_deliveries

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_refund_that_no_webhook_notified_is_found(mike: Visitor, flow: str) -> None:
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
def test_an_order_unknown_to_stripe_expires_only_after_a_day(settings, mike: Visitor, flow: str) -> None:
    mike.switch_flow(flow)
    card = mike.enter_card(VISA)
    form = {"order": mike.see_order()} | (card if flow == "legacy" else {})
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"
    assert mike.post("/checkout/", form).status_code == 503
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"

    assert "1 pending" in run("reconcile_payments")
    Payment.objects.update(created_at=Payment.objects.get().created_at - datetime.timedelta(hours=26))
    assert "1 expired" in run("reconcile_payments")


def test_an_event_that_met_trouble_waits_and_is_processed_later(settings, mike: Visitor) -> None:
    pay(mike, "modern")
    stripe.Refund.create(charge=Payment.objects.get().charge_id, amount=500)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"
    assert 503 in send(signed_deliveries())
    waiting = WebhookEvent.objects.filter(processed_at__isnull=True)
    assert {event.error for event in waiting} == {"APIConnectionError: Unexpected error communicating with Stripe."}
    assert Payment.objects.get().amount_refunded == 0
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"

    run("reconcile_payments")

    assert not waiting.all().exists()
    assert Payment.objects.get().amount_refunded == 500


def test_a_dispute_that_lasts_for_weeks_is_asked_about_until_it_is_closed(mike: Visitor, webhooks) -> None:
    pay(mike, "legacy", "4000000000000259")
    webhooks(ahead=60)
    Payment.objects.update(created_at=timezone.now() - datetime.timedelta(days=30))
    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "losing_evidence"}, submit=True)
    signed_deliveries(ahead=60)  # all of them lost

    run("reconcile_payments")

    assert Payment.objects.get().status == "lost"


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_dispute_that_no_webhook_notified_is_found_by_reconciling_and_fetched_until_it_is_closed(
    mike: Visitor, flow: str
) -> None:
    pay(mike, flow, "4000000000000259")
    signed_deliveries(ahead=60)  # all of them lost

    assert "differences: 1" in run("reconcile_payments")
    assert Payment.objects.get().status == "disputed"

    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "winning_evidence"}, submit=True)
    signed_deliveries(ahead=60)  # all of them lost
    run("reconcile_payments")
    assert Payment.objects.get().status == "paid"
    assert "differences: 0" in run("reconcile_payments")


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_second_dispute_that_no_webhook_notified_is_found_after_a_first_one_that_was(
    mike: Visitor, webhooks, flow: str
) -> None:
    pay(mike, flow, "4000000000000259")
    webhooks(ahead=60)
    # As if the one that Stripe has were a second one, and the history that of the first, won two days before.
    Payment.objects.update(status="paid")
    for entry in HistoryEntry.objects.all():
        HistoryEntry.objects.filter(pk=entry.pk).update(created_at=entry.created_at - datetime.timedelta(days=2))

    assert "differences: 1" in run("reconcile_payments")

    assert Payment.objects.get().status == "disputed"
    assert "differences: 0" in run("reconcile_payments")


def test_a_dispute_won_before_it_was_recorded_is_fetched_once(mike: Visitor) -> None:
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


def test_an_event_that_fails_is_named_and_holds_up_no_other(mike: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    pay(mike, "modern")
    events = [json.loads(body) for body, _headers in signed_deliveries()]
    whole = next(event for event in events if event["type"] == "checkout.session.completed")
    rows = {
        "evt_no_json": "[" * 1000,
        "evt_no_amount": json.dumps(whole).replace("amount_total", "amount"),
        "evt_faulty": json.dumps(whole | {"id": "evt_faulty"}),
        "evt_whole": json.dumps(whole),
    }
    for name, body in rows.items():
        WebhookEvent.objects.create(pk=name, type="checkout.session.completed", payload=body)
    handle = payments.handle

    def faulty(payment: Payment, event: stripe.Event, stored: WebhookEvent) -> None:
        handle(payment, event, stored)
        if event.id == "evt_faulty":
            raise KeyError

    monkeypatch.setattr(payments, "handle", faulty)
    errors = io.StringIO()
    with pytest.raises(CommandError, match="2 of these failed"):
        call_command("reconcile_payments", stdout=io.StringIO(), stderr=errors)

    assert re.search(r"\[evt_no_json\]: .*nested too deep", errors.getvalue())
    assert re.search(r"\[evt_faulty\]: KeyError in ", errors.getvalue())
    assert list(WebhookEvent.objects.filter(processed_at=None).values_list("pk", flat=True)) == ["evt_faulty"]
    # What trying again cannot help is named once, and the other one until it is done.
    with pytest.raises(CommandError, match="1 of these failed"):
        run("reconcile_payments")
    monkeypatch.undo()
    run("reconcile_payments")
    assert not WebhookEvent.objects.filter(processed_at=None).exists()


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_payment_on_which_the_code_fails_is_named_and_holds_up_no_other(
    settings, mike: Visitor, hanako: Visitor, monkeypatch: pytest.MonkeyPatch, caplog, flow: str
) -> None:
    pay_unnoticed(mike, settings, flow)
    pay_unnoticed(hanako, settings, flow)
    first, second = Payment.objects.order_by("created_at")
    settle = ledger.settle

    def faulty(payment: Payment, captured: Captured) -> bool:
        if payment == first:
            raise KeyError
        return settle(payment, captured)

    monkeypatch.setattr(ledger, "settle", faulty)
    errors = io.StringIO()
    with pytest.raises(CommandError, match="1 of these failed, as named above"):
        call_command("reconcile_payments", stdout=io.StringIO(), stderr=errors)

    assert f"{first.pk}: KeyError in " in errors.getvalue()
    assert "Traceback" in caplog.text
    assert Payment.objects.get(pk=second.pk).status == "paid"
    monkeypatch.undo()
    run("reconcile_payments")
    assert Payment.objects.get(pk=first.pk).status == "paid"


def test_a_mail_that_fails_is_named_and_holds_up_no_other(
    mike: Visitor, monkeypatch: pytest.MonkeyPatch, mailoutbox
) -> None:
    pay(mike, "modern")
    Mail.objects.update(sent_at=None, claimed_at=None)
    mailoutbox.clear()
    message = mails._message

    def faulty(mail: Mail) -> object:
        if mail.kind == "customer":
            raise KeyError
        return message(mail)

    monkeypatch.setattr(mails, "_message", faulty)
    errors = io.StringIO()
    with pytest.raises(CommandError, match="1 of these failed"):
        call_command("reconcile_payments", stdout=io.StringIO(), stderr=errors)

    assert f"{Payment.objects.get().pk}: mail to the customer: KeyError" in errors.getvalue()
    assert len(mailoutbox) == 1


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


@pytest.mark.parametrize(("age", "status"), [("24:59", "pending"), ("25:01", "expired")])
@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_an_order_is_given_up_when_no_form_key_or_session_of_it_can_be_used_any_more(
    payment: Payment, flow: str, age: str, status: str
) -> None:
    hours, minutes = map(int, age.split(":"))
    created_at = timezone.now() - datetime.timedelta(hours=hours, minutes=minutes)
    Payment.objects.update(flow=flow, created_at=created_at)

    assert reconciliation.finish(Payment.objects.get()) == status


def test_what_is_open_is_asked_about_for_a_week_and_a_dispute_until_it_is_closed(payment: Payment) -> None:
    since = timezone.now() - datetime.timedelta(days=7)
    assert payment in reconciliation.unfinished(since)

    Payment.objects.update(created_at=since - datetime.timedelta(minutes=1))
    assert payment not in reconciliation.unfinished(since)

    Payment.objects.update(status="disputed", paid_at=timezone.now(), charge_id="ch_1")
    assert payment in reconciliation.unfinished(since)


def test_a_charge_of_somebody_else_on_the_same_account_does_not_count(mike: Visitor) -> None:
    pay(mike, "legacy")
    stripe.Charge.create(amount=777, currency="jpy", source="tok_visa")
    stripe.Charge.create(amount=778, currency="jpy", source="tok_visa", metadata={"payment": "order 17"})

    assert "The books agree." in run("check_books")


def test_money_for_an_order_that_we_do_not_have_is_a_difference(mike: Visitor) -> None:
    pay(mike, "legacy")
    unknown = "0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f"
    stripe.Charge.create(amount=779, currency="jpy", source="tok_visa", metadata={"payment": unknown})

    found = reconciliation.compare(timezone.now() - datetime.timedelta(days=1))

    assert [(each.reference, each.ours, each.stripes) for each in found.differences] == [(unknown, 0, 779)]


def test_an_order_from_before_is_not_missed_when_only_its_charge_is_newer(mike: Visitor) -> None:
    pay(mike, "legacy")
    Payment.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=30))

    found = reconciliation.compare(timezone.now() - datetime.timedelta(minutes=10))

    assert (found.differences, found.stripes) == ([], {})


def test_a_charge_that_no_webhook_notified_is_fetched_until_it_is_recorded(mike: Visitor) -> None:
    pay(mike, "modern")
    charge = Payment.objects.get().charge_id
    Payment.objects.update(charge_id=None, payment_method="", card_last4="")

    run("reconcile_payments")

    payment = Payment.objects.get()
    assert (payment.charge_id, payment.payment_method, payment.card_last4) == (charge, "card", "4242")
