"""The mails that a paid payment owes: each is sent once, in the customer's language, however often it is tried."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from bbs import mails
from bbs.models import Mail, Payment
from bbs.payments import ledger, reconciliation
from tests.stage.mail_servers import use_mail_backend

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(payment: Payment) -> Payment:
    """A paid payment that owes its mails."""
    payment.email, payment.language = "hanako@example.com", "ja"
    payment.status, payment.paid_at, payment.charge_id = "paid", timezone.now(), "ch_1"
    payment.save()
    mails.owe(payment)
    return payment


def send_again() -> int:
    return reconciliation.send_waiting_mails(pytest.fail)


def test_the_customer_is_written_to_in_their_language_and_the_staff_too(paid: Payment, mailoutbox) -> None:
    assert send_again() == 2

    assert [mail.to for mail in mailoutbox] == [["hanako@example.com"], ["staff@localhost"]]
    assert mailoutbox[0].subject == "お支払いありがとうございます(￥2,000)"
    assert Mail.objects.filter(sent_at=None).count() == 0


def test_a_customer_without_an_address_gets_none(payment: Payment) -> None:
    mails.owe(payment)

    assert [mail.kind for mail in payment.mails.all()] == ["staff"]


def test_a_mail_that_was_sent_is_not_sent_again(paid: Payment, mailoutbox) -> None:
    send_again()

    assert send_again() == 0
    assert len(mailoutbox) == 2


@pytest.mark.parametrize(("minutes", "left"), [(4, 0), (6, 2)])
def test_a_sender_is_thought_dead_after_five_minutes(paid: Payment, mailoutbox, minutes: int, left: int) -> None:
    Mail.objects.update(claimed_at=timezone.now() - datetime.timedelta(minutes=minutes))

    assert send_again() == left
    assert len(mailoutbox) == left


def test_a_product_with_a_line_break_in_its_name_makes_no_second_header(paid: Payment, mailoutbox) -> None:
    Payment.objects.update(product_name="T-shirt\nBcc: everybody@example.com")

    send_again()

    assert all("\n" not in mail.subject for mail in mailoutbox)
    assert [mail.to + mail.bcc for mail in mailoutbox] == [["hanako@example.com"], ["staff@localhost"]]


def test_a_mail_that_fails_for_no_known_reason_leaves_its_traceback_and_is_kept(
    paid: Payment, settings, caplog
) -> None:
    use_mail_backend(settings, "tests.stage.mail_servers.Broken")
    told: list[str] = []

    reconciliation.send_waiting_mails(told.append)

    records = [one for one in caplog.records if one.levelname == "ERROR"]
    assert [(one.name, type(one.exc_info[1])) for one in records] == [("bbs.mails", RuntimeError)] * 2
    assert told == [f"{paid.pk}: mail to the {kind}: RuntimeError" for kind in ("customer", "staff")]
    assert Mail.objects.filter(sent_at=None, claimed_at=None).count() == 2


def test_a_task_that_fails_leaves_its_traceback(paid: Payment, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    monkeypatch.setattr(mails, "_send", lambda mail: 1 / 0)

    send_again()

    record = next(one for one in caplog.records if one.levelname == "ERROR")
    assert record.name in ("django.tasks", "django_tasks")
    assert isinstance(record.exc_info[1], ZeroDivisionError)
    assert Mail.objects.filter(sent_at=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_task_that_cannot_be_enqueued_leaves_its_traceback(payment: Payment, settings, caplog) -> None:
    settings.TASKS = {"default": {"BACKEND": "none.such"}}

    ledger.settle(
        payment,
        ledger.Taken(
            reference=payment.pk,
            amount=payment.amount,
            currency=payment.currency,
            livemode=False,
            checkout_session_id=payment.checkout_session_id,
            payment_intent_id="pi_1",
        ),
    )

    record = next(one for one in caplog.records if one.levelname == "ERROR")
    assert record.name == "django.db.backends.base"
    assert "none.such" in str(record.exc_info[1])
    assert Mail.objects.filter(sent_at=None).count() == 1
