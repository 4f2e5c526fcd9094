"""Messages are inserted as Django would insert them, with a commit that waits for no disk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bbs.models import Payment
from compare.models import WireMessage
from compare.wire.insertion import insert

pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL sets it for the transaction")


@pytest.fixture
def message(payment: Payment) -> Callable[..., WireMessage]:
    """Make a message about the payment."""

    def make(**values: object) -> WireMessage:
        known = {"kind": "call", "method": "POST", "address": "/v1/charges", "milliseconds": 12.5, "status": 200}
        known |= {
            "parameters": {"amount": ["500"], "name": "100% \\ 羊羹"},
            "answer": [None, 1.5, True],
            "started_at": timezone.now(),
        }
        return WireMessage(payment=payment, **known | values)

    return make


@pytest.mark.parametrize("count", [0, 1, 3])
@pytest.mark.parametrize("within", [False, True])
def test_they_are_what_django_would_have_inserted(message, count: int, within: bool) -> None:
    given = [message(request_id=f"req_{n}", status=None if n else 200, demo=bool(n)) for n in range(count)]

    if within:
        with transaction.atomic():
            insert(given)
    else:
        insert(given)

    found = WireMessage.objects.order_by("pk")
    assert [row | {"id": None} for row in found.values()] == [
        {field.attname: getattr(one, field.attname) for field in WireMessage._meta.concrete_fields} for one in given
    ]


@on_postgresql
def test_one_message_takes_one_statement_that_alone_does_not_wait(message) -> None:
    connection.cursor().execute("SET synchronous_commit TO on")
    with CaptureQueriesContext(connection) as queries:
        insert([message()])

    assert len(queries) == 1
    assert synchronous_commit() == "on"
    transaction.set_autocommit(False)  # to look into the transaction that the statement is otherwise alone in
    insert([message()])
    assert synchronous_commit() == "off"
    transaction.rollback()
    transaction.set_autocommit(True)
    assert synchronous_commit() == "on"
    connection.close()


@on_postgresql
def test_a_transaction_of_another_keeps_its_own(message) -> None:
    connection.cursor().execute("SET synchronous_commit TO on")
    with transaction.atomic():
        insert([message()])
        assert synchronous_commit() == "on"
    connection.close()


def synchronous_commit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return cursor.fetchone()[0]
