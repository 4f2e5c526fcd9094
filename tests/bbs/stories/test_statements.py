"""Each statement that a payment costs the database, and what it is for: one more is a decision, and not an accident."""

from __future__ import annotations

import json
import re

import django
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bbs.models import Mail, Payment
from bbs.payments.order import Order
from tests.stage.people import Visitor
from tests.stage.stories import pay_unnoticed
from tests.stage.stripe_side import Delivery, signed_deliveries

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

DELIVERED = [
    "INSERT bbs_webhookevent",  # as it was signed; a duplicate is refused here
    "INSERT bbs_historyentry",  # the event, and that it paid
    "INSERT bbs_topic",  # the thank-you
    "INSERT bbs_mail",  # to the customer and to the staff
]
SETTLED = [
    "BEGIN",
    # Paid, if it is what was captured and no other request was quicker; on PostgreSQL with all that follows.
    "UPDATE bbs_payment",
    *(DELIVERED if connection.vendor == "sqlite" else []),
    "COMMIT",
]
COMPLETED_AND_MAILED = [
    "SELECT bbs_payment",  # the task gets its reference alone
    "BEGIN",
    "UPDATE bbs_payment",  # the charge and its card, which the event left out
    "COMMIT",
    "UPDATE bbs_mail",  # claimed, if no other request was quicker
    "SELECT bbs_mail",
    "UPDATE bbs_mail",  # the customer's was sent
    "UPDATE bbs_mail",  # the staff's was sent
]
SEEN_BEFORE = [
    "BEGIN",
    "UPDATE bbs_payment",  # paid already
    "COMMIT",
    "SELECT bbs_payment",  # as it is
    "BEGIN",
    "INSERT bbs_webhookevent",  # refused
    "ROLLBACK",
    "SELECT bbs_webhookevent",  # processed
]


@pytest.fixture
def completed(mike: Visitor, settings) -> Delivery:
    """The event of a payment of which nothing else notified us."""
    settings.RECORD_WIRE = False
    pay_unnoticed(mike, settings, "modern")
    return next(each for each in signed_deliveries() if json.loads(each[0])["type"] == "checkout.session.completed")


def statements(delivery: Delivery) -> list[str]:
    """Deliver an event; return the verb and the table of each statement."""
    body, headers = delivery
    client = Client(SERVER_NAME="localhost")
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as captured:
        assert client.post("/webhook/", body, "application/json", headers=headers).status_code == 200
    return brief(captured)


def brief(captured: CaptureQueriesContext) -> list[str]:
    """Return of each statement what it does, and to which table first."""
    paid = r'WITH "moved" AS \((?:SELECT [^)]*\))?'
    pattern = rf'\s*(?:{paid}\s*)?(\w+)(?:.*?"?(\bbbs_\w+))?'
    found = [re.match(pattern, query["sql"], re.DOTALL) for query in captured]
    return [" ".join(filter(None, each.groups())) for each in found]


def test_a_webhook_is_settled_in_one_transaction_and_its_mails_follow(completed: Delivery, mailoutbox) -> None:
    assert statements(completed) == [*SETTLED, *COMPLETED_AND_MAILED]

    assert (Payment.objects.get().card_last4, len(mailoutbox)) == ("4242", 2)


def test_with_a_worker_its_task_is_written_in_the_same_transaction(completed: Delivery, settings, mailoutbox) -> None:
    interface = "django.tasks" if django.VERSION >= (6, 0) else "django_tasks"
    settings.TASKS = {"default": {"BACKEND": f"{interface}.backends.dummy.DummyBackend"}}  # keeps it in memory
    settings.TASKS_IN_TRANSACTION = True

    assert statements(completed) == SETTLED

    assert (Mail.objects.filter(sent_at=None, claimed_at=None).count(), len(mailoutbox)) == (2, 0)


def test_an_event_that_comes_again_writes_nothing(completed: Delivery) -> None:
    statements(completed)

    assert statements(completed) == SEEN_BEFORE


@pytest.mark.parametrize("limit", [0, 20])
def test_starting_a_payment_takes_two_short_transactions_and_looks_up_the_price_alone(
    client: Client, products, settings, limit: int
) -> None:
    settings.RECORD_WIRE, settings.ORDERS_PER_MINUTE = False, limit
    order = Order.choose([products["t-shirt"]], None, None, "modern").signed

    connection.ensure_connection()
    with CaptureQueriesContext(connection) as queries:
        assert client.post("/checkout/", {"order": order}).status_code == 303

    is_sqlite = connection.vendor == "sqlite"
    counted = [
        "INSERT bbs_recentcount",  # or adds to it: the visitor's and the address's, which stay locked
        "SELECT bbs_recentcount",  # whether one is too many
        "SELECT bbs_recentcount",  # the expired ones, of which there are none to delete
    ]
    assert brief(queries) == [
        "SELECT bbs_product",
        *(["PRAGMA", "PRAGMA", "BEGIN"] if is_sqlite else ["BEGIN", "SET"]),  # this commit does not wait for the disk
        "INSERT bbs_payment",  # which the database refuses for a form that was sent before
        *(counted if limit else []),
        "INSERT bbs_historyentry",  # opened
        "COMMIT",
        *(["PRAGMA"] if is_sqlite else []),  # and Stripe is called
        "BEGIN",
        "UPDATE bbs_payment",  # unless another tab had a session first
        *(["INSERT bbs_historyentry"] if is_sqlite else []),  # sent to Stripe; on PostgreSQL with the UPDATE
        "COMMIT",  # which waits for the disk, before the visitor can pay
    ]
