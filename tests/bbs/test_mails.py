"""The mails that a paid payment queues: each is sent once, in the customer's language, however often it is tried."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.utils import timezone

from bbs import mails, payments
from bbs.models import Mail, Payment, Voucher
from bbs.payments import ledger, reconciliation
from bbs.payments.captured import Captured
from tests.stage.mail_servers import use_mail_backend

pytestmark = pytest.mark.django_db


def queue(payment: Payment) -> None:
    Mail.objects.bulk_create(Mail(payment=payment, kind=kind) for kind in (Mail.Kind.CUSTOMER, Mail.Kind.STAFF))


@pytest.fixture
def paid(payment: Payment) -> Payment:
    """A paid payment that owes its mails."""
    payment.email, payment.language = "hanako@example.com", "ja"
    payment.status, payment.paid_at, payment.charge_id = "paid", timezone.now(), "ch_1"
    payment.save()
    queue(payment)
    return payment


def send_again() -> int:
    return reconciliation.send_waiting_mails(pytest.fail)


def test_the_customer_is_written_to_in_their_language_and_the_staff_too(paid: Payment, mailoutbox) -> None:
    assert send_again() == 2

    assert [mail.to for mail in mailoutbox] == [["hanako@example.com"], ["staff@localhost"]]
    assert mailoutbox[0].subject == "お支払いありがとうございます(￥2,000)"
    assert mailoutbox[1].subject == "Order paid: T-shirt, ¥2,000"
    assert Mail.objects.filter(sent_at=None).count() == 0


@pytest.mark.parametrize(("language", "subject"), [("en", "Order paid: T-shirt, ¥2,000"), ("ja", "注文の支払い完了")])
def test_the_staff_are_written_to_in_theirs(paid: Payment, mailoutbox, settings, language: str, subject: str) -> None:
    settings.LANGUAGE_CODE = language
    Payment.objects.update(language="en" if language == "ja" else "ja")

    send_again()

    assert mailoutbox[1].subject.startswith(subject)


def test_the_customers_mail_says_what_it_is_about_and_leads_to_the_receipt(paid: Payment, mailoutbox, client) -> None:
    Payment.objects.update(language="en", card_brand="jcb", card_last4="0505", paid_at="2026-11-26T13:16Z")

    send_again()

    body = mailoutbox[0].body
    lines = [
        "Order    T-shirt × 1",
        "Amount   ¥2,000",
        "Paid at  Nov. 26, 2026 10:16 p.m. JST",
        "With     JCB ···· 0505",
    ]
    assert [line for line in [*lines, f"Number   {paid.pk}"] if f"\n  {line}\n" not in body] == []
    link = next(line for line in body.splitlines() if line.startswith("http://localhost/payments/"))
    assert "JCB ···· 0505" in client.get(link.removeprefix("http://localhost")).content.decode()
    assert "http" not in mailoutbox[1].body


@pytest.mark.parametrize(("status", "sent"), [("processing", 1), ("failed", 0), ("expired", 0)])
def test_what_is_needed_to_pay_is_mailed_only_while_it_can_be_paid(
    payment: Payment, mailoutbox, status: str, sent: int
) -> None:
    codes = {"lawson": {"payment_code": "123", "confirmation_number": None}}
    Voucher.objects.create(payment=payment, expires_at="2026-11-29T14:59:59Z", codes=codes)
    payment.email, payment.status, payment.language = "hanako@example.com", status, "ja"
    payment.save()
    Mail.objects.create(payment=payment, kind="voucher")

    send_again()

    assert [mail.to for mail in mailoutbox] == [["hanako@example.com"]] * sent
    assert [mail.subject for mail in mailoutbox] == [
        "コンビニで ￥2,000 をお支払いください(期限：2026年11月29日 23:59 JST)"
    ] * sent
    assert not Mail.objects.filter(sent_at=None).exists()


def test_a_refund_of_which_stripe_notifies_us_twice_is_one_mail(paid: Payment) -> None:
    refund = paid.refunds.create(pk="re_1", amount=500, status="failed")

    for _ in range(2):
        mails.queue_refund_failed(refund)

    assert Mail.objects.filter(kind="refund_failed").count() == 1


def test_the_staff_are_notified_of_a_refund_that_failed_in_their_language(paid: Payment, mailoutbox, settings) -> None:
    send_again()
    refund = paid.refunds.create(pk="re_1", amount=500, status="failed", failure_reason="lost_or_stolen_card")
    mails.queue_refund_failed(refund)
    settings.LANGUAGE_CODE = "ja"
    mailoutbox.clear()

    assert send_again() == 1

    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["staff@localhost"], "返金の失敗：￥500、T-shirt × 1")
    assert all(text in mail.body for text in ("￥2,000 のうち ￥500", "lost_or_stolen_card", "re_1", str(paid.pk)))


def test_a_mail_that_was_sent_is_not_sent_again(paid: Payment, mailoutbox) -> None:
    send_again()

    assert send_again() == 0
    assert len(mailoutbox) == 2


@pytest.mark.parametrize(("minutes", "left"), [(4, 0), (6, 2)])
def test_a_sender_is_thought_dead_after_five_minutes(paid: Payment, mailoutbox, minutes: int, left: int) -> None:
    Mail.objects.update(claimed_at=timezone.now() - datetime.timedelta(minutes=minutes))

    assert send_again() == left
    assert len(mailoutbox) == left


@pytest.mark.parametrize(("minutes", "sent"), [(4, 0), (6, 2)])
def test_what_another_sender_has_claimed_is_left_to_it(paid: Payment, mailoutbox, minutes: int, sent: int) -> None:
    Mail.objects.update(claimed_at=timezone.now() - datetime.timedelta(minutes=minutes))

    assert mails.send_now(paid) == sent
    assert len(mailoutbox) == sent


def test_a_product_with_a_line_break_in_its_name_makes_no_second_header(paid: Payment, mailoutbox) -> None:
    Payment.objects.update(product_name="T-shirt\nBcc: everybody@example.com")

    send_again()

    assert all("\n" not in mail.subject for mail in mailoutbox)
    assert [mail.to + mail.bcc for mail in mailoutbox] == [["hanako@example.com"], ["staff@localhost"]]


def test_a_mail_that_fails_for_no_known_reason_leaves_its_traceback_and_is_kept(
    paid: Payment, settings, caplog
) -> None:
    use_mail_backend(settings, "tests.stage.mail_servers.Broken")
    reported: list[str] = []

    reconciliation.send_waiting_mails(reported.append)

    records = [one for one in caplog.records if one.levelname == "ERROR"]
    assert [(one.name, type(one.exc_info[1])) for one in records] == [("bbs.mails", RuntimeError)] * 2
    assert reported == [f"{paid.pk}: mail to the {kind}: RuntimeError" for kind in ("customer", "staff")]
    assert Mail.objects.filter(sent_at=None, claimed_at=None).count() == 2


def test_a_task_that_fails_leaves_its_traceback(paid: Payment, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    monkeypatch.setattr(mails, "_send", lambda mail: 1 / 0)

    send_again()

    record = next(one for one in caplog.records if one.levelname == "ERROR")
    assert record.name in ("django.tasks", "django_tasks")
    assert isinstance(record.exc_info[1], ZeroDivisionError)
    assert Mail.objects.filter(sent_at=None).count() == 2


@pytest.mark.parametrize("task", [mails.send, payments.complete_and_send])
def test_a_task_about_a_payment_that_was_deleted_ends_with_one_line(task, caplog) -> None:
    reference = uuid.uuid4()

    with caplog.at_level("INFO", logger="bbs"):
        sent = task.call(str(reference))

    assert sent == 0
    assert caplog.messages == [f"payment={reference} deleted, and its mails with it"]


@pytest.mark.django_db(transaction=True)
def test_a_task_that_cannot_be_enqueued_leaves_its_traceback(payment: Payment, settings, caplog) -> None:
    settings.TASKS = {"default": {"BACKEND": "none.such"}}

    ledger.settle(
        payment,
        Captured(
            reference=payment.pk,
            amount=payment.amount,
            currency=payment.currency,
            livemode=False,
            checkout_session_id=payment.checkout_session_id,
            charge_id="ch_1",
        ),
    )

    record = next(one for one in caplog.records if one.levelname == "ERROR")
    assert record.name == "django.db.backends.base"
    assert "none.such" in str(record.exc_info[1])
    assert Mail.objects.filter(sent_at=None).count() == 1
