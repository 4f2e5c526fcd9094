"""What we depend on goes away for a moment: the database, its disk, the mail server. Nothing is half done."""

from __future__ import annotations

import os
import smtplib
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection

from bbs.models import Mail, Payment, Topic
from tests.stage import outages, stripe_side
from tests.stage.people import VISA, Visitor
from tests.stage.processes import mails_through
from tests.stage.stories import FLOWS, assert_each_once, pay_unnoticed, reconcile, send
from tests.stage.stripe_side import signed_deliveries

REPO = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


def come_back(visitor: Visitor, path: str, form: dict[str, str] | None) -> int:
    visitor.http.max_redirects = 30
    return (visitor.get(path) if form is None else visitor.post(path, form)).status_code


@pytest.mark.parametrize("flow", FLOWS)
def test_a_database_that_is_gone_for_a_second_is_a_5xx_and_nothing_is_half_written(
    settings, mike: Visitor, tmp_path: Path, mailoutbox, flow: str
) -> None:
    page = pay_unnoticed(mike, settings, flow)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.outages.DatabaseGone"

    with outages.database_back_afterwards():
        assert come_back(mike, *page) >= 500

    assert Payment.objects.get().status == "pending"
    assert not Mail.objects.exists()
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    assert come_back(mike, *page) == 200
    assert_each_once(1, tmp_path, mailoutbox)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_full_disk_is_a_5xx_and_nothing_is_half_written(
    settings, mike: Visitor, tmp_path: Path, mailoutbox, flow: str
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the disk of a PostgreSQL server is not the tests' to fill")
    page = pay_unnoticed(mike, settings, flow)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.outages.DiskFull"

    assert come_back(mike, *page) >= 500

    assert Payment.objects.get().status == "pending"
    assert not Topic.objects.filter(payment__isnull=False).exists()
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    assert come_back(mike, *page) == 200
    assert_each_once(1, tmp_path, mailoutbox)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("nobody listens"),
        TimeoutError("no answer"),
        socket.gaierror("no such host"),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPRecipientsRefused({"hanako@example.com": (550, b"no such mailbox")}),
        smtplib.SMTPAuthenticationError(535, b"no"),
        ValueError("an address that cannot be written"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_mail_server_that_fails_costs_no_payment_and_its_mails_leave_later_once(
    settings, mike: Visitor, tmp_path: Path, mailoutbox, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(outages.MailServer, "error", error)
    working = {name: getattr(settings, name) for name in mails_through("")}
    for name, value in mails_through("tests.stage.outages.MailServer").items():
        setattr(settings, name, value)

    receipt = mike.pay_on_stripes_page(mike.post("/checkout/", {"order": mike.see_order()}), VISA)
    with pytest.raises(CommandError, match="2 of these failed"):
        reconcile()

    assert "Paid ¥2,000" in receipt.text
    assert [(mail.sent_at, mail.error) for mail in Mail.objects.all()] == [(None, type(error).__name__)] * 2
    for name, value in working.items():
        setattr(settings, name, value)
    for _ in range(2):
        reconcile()
    assert_each_once(1, tmp_path, mailoutbox)


def test_no_webhook_waits_for_a_mail_server_that_hangs(
    settings, task_thread: None, mike: Visitor, tmp_path: Path, mailoutbox
) -> None:
    pay_unnoticed(mike, settings, "modern")
    for name, value in mails_through("tests.stage.outages.Hanging").items():
        setattr(settings, name, value)
    outages.Hanging.may_answer.clear()

    assert send(signed_deliveries()) == {200}

    assert Payment.objects.get().status == "paid"
    assert mailoutbox == []
    outages.Hanging.may_answer.set()
    reconcile()  # waits for the thread before it sends anything itself
    assert_each_once(1, tmp_path, mailoutbox)


def test_a_queue_that_takes_no_mails_costs_no_payment_and_no_page(
    settings, mike: Visitor, tmp_path: Path, mailoutbox
) -> None:
    page = pay_unnoticed(mike, settings, "modern")
    working = settings.TASKS
    settings.TASKS = {"default": {"BACKEND": "tests.stage.outages.QueueGone"}}

    assert come_back(mike, *page) == 200

    assert Payment.objects.get().status == "paid"
    settings.TASKS = working
    reconcile()
    assert_each_once(1, tmp_path, mailoutbox)


def test_a_mail_that_another_sender_has_in_hand_is_left_to_it(settings, mike: Visitor, mailoutbox) -> None:
    pay_unnoticed(mike, settings, "modern")
    reconcile()
    mailoutbox.clear()
    Mail.objects.update(sent_at=None)
    Mail.objects.filter(kind="customer").update(claimed_at=None)

    reconcile()

    assert [mail.to for mail in mailoutbox] == [["hanako@example.com"]]


def test_somebody_who_reads_for_long_holds_up_no_payment(settings, mike: Visitor, tmp_path: Path, mailoutbox) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's readers never hold up a writer")
    page = pay_unnoticed(mike, settings, "modern")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM bbs_payment").fetchall()

        assert come_back(mike, *page) == 200

    assert_each_once(1, tmp_path, mailoutbox)


@pytest.mark.once
def test_with_a_worker_the_mails_leave_from_it_and_not_from_the_request(tmp_path: Path) -> None:
    mails = tmp_path / "mails"
    mails.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "STRIPE", "TEST"))}
    env = (
        clean
        | stripe_side.environment(tmp_path)
        | {
            "DJANGO_SETTINGS_MODULE": "bbs_project.settings",
            "DJANGO_ENV_FILE": os.devnull,
            "DJANGO_SECRET_KEY": "the tests' own",
            "DJANGO_TASKS": "database",
            "DATABASE_URL": f"sqlite:///{tmp_path}/board.sqlite3",
            "PAYMENT_FLOW": "legacy",
            "EMAIL_URL": f"filemail:///{mails}",
        }
    )

    def run(*command: str) -> int:
        """Run Python in a process of its own; return how many mails have left so far."""
        subprocess.run([sys.executable, *command], cwd=REPO, env=env, check=True, capture_output=True)
        return sum(file.read_text().count("Message-ID:") for file in mails.iterdir())

    assert run("manage.py", "setup") == 0
    assert run("-c", "import django; django.setup(); from tests.stage.errands import buy; buy()") == 0
    assert run("manage.py", "db_worker", "--batch") == 2
    assert run("manage.py", "reconcile_payments") == 2
    assert run("manage.py", "db_worker", "--batch") == 2
