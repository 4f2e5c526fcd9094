"""A process killed at each step, a database that goes away, a full disk: a retry or reconciliation makes it whole."""

from __future__ import annotations

import datetime
import io
import signal
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import stripe
import time_machine
from django.core.management import call_command

from bbs.models import Payment, Topic
from tests.stage import processes
from tests.stage.deaths import at_sql
from tests.stage.people import VISA, Visitor
from tests.stage.stories import FLOWS, Page, assert_each_once, pay_unnoticed, reconcile, send, visit
from tests.stage.stripe_side import signed_deliveries

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

Die = Callable[..., int]


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    """The folder into which other processes send their mails."""
    folder = tmp_path / "mails"
    folder.mkdir()
    return folder


DEATHS = {
    "before the call": {"STRIPE_HTTP_CLIENT": "tests.stage.deaths.BeforeTheCall"},
    "after the call": {"STRIPE_HTTP_CLIENT": "tests.stage.deaths.AfterTheCall"},
    "half written": 'INSERT INTO "bbs_mail"',
    "before the mail is claimed": 'UPDATE "bbs_mail"',
    "with the mail in hand": processes.mails_through("tests.stage.deaths.AtTheMailServersDoor"),
}


def die(moment: str, mails: Path, work: Callable[..., object], *arguments: object) -> None:
    """Do some work in another process, which is killed at this moment of it."""
    where = DEATHS[moment]
    if isinstance(where, str):
        code = processes.alone(at_sql, where, work, *arguments, mails=mails)
    else:
        code = processes.alone(work, *arguments, mails=mails, **where)
    assert code == -signal.SIGKILL


def later(**delta: int) -> time_machine.travel:
    return time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(**delta), tick=True)


def begin(visitor: Visitor, settings, flow: str) -> Page:
    """Go to where a payment is about to be made known to us: back from Stripe's page, or with the token."""
    if flow == "modern":
        return pay_unnoticed(visitor, settings, flow)
    visitor.switch_flow(flow)
    return "/checkout/", {"order": visitor.see_order(), **visitor.enter_card(VISA)}


@pytest.mark.parametrize("moment", DEATHS)
@pytest.mark.parametrize("flow", FLOWS)
def test_killed_while_it_records_the_payment_and_visited_again_it_delivers_once(
    settings, mike: Visitor, mails: Path, mailoutbox, flow: str, moment: str
) -> None:
    page = begin(mike, settings, flow)
    die(moment, mails, visit, mike.cookies, *page)
    known = Payment.objects.get()
    assert known.is_paid == (moment in ("before the mail is claimed", "with the mail in hand"))
    assert Topic.objects.filter(payment=known).count() == known.is_paid

    status, _location = visit(mike.cookies, *page)

    assert status in (302, 303)
    with later(minutes=6):
        reconcile()
    assert_each_once(1, mails, mailoutbox)


@pytest.mark.parametrize("moment", ["after the call", "half written", "with the mail in hand"])
@pytest.mark.parametrize("flow", FLOWS)
def test_killed_while_it_records_the_payment_and_never_visited_again_it_is_reconciled(
    settings, mike: Visitor, mails: Path, mailoutbox, flow: str, moment: str
) -> None:
    die(moment, mails, visit, mike.cookies, *begin(mike, settings, flow))

    with later(minutes=6):
        reconcile()

    assert_each_once(1, mails, mailoutbox)


@pytest.mark.parametrize("moment", ["half written", "before the mail is claimed"])
@pytest.mark.parametrize("flow", FLOWS)
def test_killed_over_an_event_it_does_its_work_when_the_event_comes_again(
    settings, mike: Visitor, mails: Path, mailoutbox, flow: str, moment: str
) -> None:
    pay_unnoticed(mike, settings, flow)
    deliveries = signed_deliveries()
    die(moment, mails, send, deliveries)

    assert send(deliveries) == {200}

    assert Payment.objects.get().is_paid
    with later(minutes=6):
        reconcile()
    assert_each_once(1, mails, mailoutbox)


@pytest.mark.parametrize("moment", ["before the call", "after the call"])
def test_killed_on_the_way_to_stripes_page_the_same_form_leads_there_and_makes_one_session(
    mike: Visitor, mails: Path, mailoutbox, moment: str
) -> None:
    form = {"order": mike.see_order()}
    die(moment, mails, visit, mike.cookies, "/checkout/", form, urlsplit(mike.url).netloc)
    assert Payment.objects.get().checkout_session_id is None

    mike.pay_on_stripes_page(mike.post("/checkout/", form), VISA)

    assert len(stripe.checkout.Session.list().data) == 1
    assert_each_once(1, mails, mailoutbox)


@pytest.mark.parametrize("moment", ["before the call", "after the call"])
@pytest.mark.parametrize("flow", FLOWS)
def test_killed_in_a_refund_it_is_given_back_once(
    settings, mike: Visitor, mails: Path, mailoutbox, flow: str, moment: str
) -> None:
    pay_unnoticed(mike, settings, flow)
    reconcile()
    reference = str(Payment.objects.get().pk)
    die(moment, mails, call_command, "refund_payment", reference, "--amount=500")

    call_command("refund_payment", reference, "--amount=500", stdout=io.StringIO())

    assert [refund.amount for refund in stripe.Refund.list()] == [500]
    assert Payment.objects.get().amount_refunded == 500
    call_command("check_books", stdout=io.StringIO())
