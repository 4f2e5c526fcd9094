"""Rows of an earlier version, and the way back to it: nothing is lost that it can read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps
from django.utils import timezone

from bbs.models import Payment, Product

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(*targets: tuple[str, str]) -> StateApps:
    """Bring the database to these migrations, and return its models there."""
    executor = MigrationExecutor(connection)
    return executor.migrate(list(targets)).apps


Change = tuple[tuple[str, str], tuple[str, str]]  # the migration before one, and that one


@contextmanager
def change(name: str) -> Iterator[Change]:
    """The migration of this name and the one before it; the database is at the newest again afterwards."""
    graph = MigrationExecutor(connection).loader.graph
    newest = graph.leaf_nodes("bbs")
    (after,) = [key for key in graph.nodes if key[0] == "bbs" and key[1].endswith(name)]
    (before,) = [node.key for node in graph.node_map[after].parents if node.key[0] == "bbs"]
    try:
        yield before, after
    finally:
        migrate(*newest)


@pytest.fixture
def refunds_get_rows(products: dict[str, Product]) -> Iterator[Change]:
    with change("refunds_and_inquiries") as found:
        yield found


@pytest.fixture
def ids_are_null_or_named(products: dict[str, Product]) -> Iterator[Change]:
    with change("payment_ids_null_or_named") as found:
        yield found


def opened(apps: StateApps, status: str, number: int, **more: str) -> object:
    return apps.get_model("bbs", "Payment").objects.create(
        flow="legacy", visitor=uuid.uuid4(), language="en", origin="http://localhost", product_name="T-shirt",
        product=apps.get_model("bbs", "Product").objects.first(), quantity=1, unit_amount=2000, amount=2000,
        currency="jpy", status=status, paid_at=timezone.now(), charge_id=f"ch_{number}", **more,
    )  # fmt: skip


def test_payments_and_mails_go_forward_and_what_the_earlier_version_cannot_read_does_not_come_back(
    refunds_get_rows: Change,
) -> None:
    before, after = refunds_get_rows
    old = migrate(before)
    payment = opened(old, "disputed", 1)
    old.get_model("bbs", "Mail").objects.create(payment=payment, kind="staff")

    new = migrate(after)

    payments, mails = new.get_model("bbs", "Payment").objects, new.get_model("bbs", "Mail").objects
    assert [(p.status, p.payment_method) for p in payments.all()] == [("disputed", "")]
    asked = opened(new, "inquiry", 2)
    refund = new.get_model("bbs", "Refund").objects.create(id="re_1", payment=asked, amount=500, status="failed")
    for kind, about in (("staff", None), ("refund_failed", refund)):
        mails.create(payment=asked, kind=kind, refund=about)

    again = migrate(before)

    payments, mails = again.get_model("bbs", "Payment").objects, again.get_model("bbs", "Mail").objects
    assert sorted(payments.values_list("charge_id", "status")) == [("ch_1", "disputed"), ("ch_2", "disputed")]
    assert sorted(mails.values_list("payment__charge_id", "kind")) == [("ch_1", "staff"), ("ch_2", "staff")]


def test_an_id_that_was_imported_empty_is_not_known(ids_are_null_or_named: Change) -> None:
    before, after = ids_are_null_or_named
    opened(migrate(before), "paid", 1, checkout_session_id="", payment_intent_id="")

    migrate(after)

    payment = Payment.objects.get()
    assert (payment.checkout_session_id, payment.payment_intent_id, payment.charge_id) == (None, None, "ch_1")


def test_the_version_before_can_still_write_while_this_one_is_rolled_out(products: dict[str, Product]) -> None:
    product, reference, now = products["t-shirt"].pk, uuid.uuid4().hex, timezone.now()
    old_payment = {
        "reference": reference,
        "visitor": reference,
        "flow": "legacy",
        "status": "paid",
        "language": "en",
        "origin": "http://localhost",
        "email": "",
        "product_id": product,
        "product_name": "T-shirt",
        "quantity": 1,
        "unit_amount": 2000,
        "amount": 2000,
        "amount_refunded": 0,
        "currency": "jpy",
        "attempt": 0,
        "token": "",
        "card_brand": "",
        "card_last4": "",
        "failure": "",
        "charge_id": "ch_1",
        "mismatched": False,
        "created_at": now,
        "paid_at": now,
    }
    old_topic = {"comment": "", "payment_id": reference, "hidden": False, "author": "", "created_at": now}

    with connection.cursor() as cursor:
        for table, row in (("bbs_payment", old_payment), ("bbs_topic", old_topic)):
            places = ", ".join(["%s"] * len(row))
            insert = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"  # noqa: S608  (names of our own)
            cursor.execute(insert, list(row.values()))
        cursor.execute("SELECT author FROM bbs_topic")

    assert Payment.objects.get().topic
