"""What a webhook and the start of a payment read and write, in the SQL of SQLite and PostgreSQL alike.

They come by the hundred, and a third of the time of each was Django's putting these statements together; on SQLite, all
others wait meanwhile. A column that is added to one of these tables needs a place here, or a `db_default`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from bbs.models import Payment

if TYPE_CHECKING:
    from bbs.models import WebhookEvent

# The one UPDATE that decides who makes a payment paid. It compares what was captured with the row, where a Checkout
# Session may not be recorded yet. A NULL leaves the field as it is.
PAY = """UPDATE "bbs_payment" SET
    "status" = 'paid', "failure" = '', "paid_at" = %s,
    "checkout_session_id" = COALESCE(%s, "checkout_session_id"),
    "payment_intent_id" = COALESCE(%s, "payment_intent_id"),
    "charge_id" = COALESCE(%s, "charge_id"),
    "payment_method" = COALESCE(%s, "payment_method"),
    "card_brand" = COALESCE(%s, "card_brand"),
    "card_last4" = COALESCE(%s, "card_last4"),
    "email" = COALESCE(%s, "email")
    WHERE "reference" = %s AND "flow" = %s AND "amount" = %s AND "currency" = %s
    AND COALESCE("checkout_session_id", %s) = %s AND "status" IN (%s, %s, %s, %s)
"""
# The visitor is redirected to a Checkout Session, if not to another one already.
SEND = """UPDATE "bbs_payment" SET "checkout_session_id" = %s
    WHERE "reference" = %s AND "checkout_session_id" IS NULL
"""
IDS = ("checkout_session_id", "payment_intent_id", "charge_id")
DETAILS = (*IDS, "payment_method", "card_brand", "card_last4", "email")  # as they come in PAY
_ENTRY = 'INSERT INTO "bbs_historyentry" ("payment_id", "kind", "detail", "created_at")'
ADD_ENTRY = f"{_ENTRY} VALUES (%s, %s, %s, %s)"
_EVENT = (
    'INSERT INTO "bbs_webhookevent" ("payment_id", "id", "type", "payload", "received_at", "processed_at", "error")'
)
_STORE = f"{_EVENT} VALUES (%s, %s, %s, %s, %s, %s, '')"
_STORE_PAID = f"""{_EVENT} SELECT "reference", %s, %s, %s, %s, %s, '' FROM "moved" """  # noqa: S608  (ours)
_THANK = """INSERT INTO "bbs_topic" ("payment_id", "comment", "hidden", "created_at")
    SELECT "reference", '', false, %s FROM "moved"
"""
_MOVED = 'WITH "moved" AS (SELECT "reference", "email" FROM "bbs_payment" WHERE "reference" = %s)'
_QUEUE = """INSERT INTO "bbs_mail" ("payment_id", "kind", "error")
    SELECT "reference", %s, '' FROM "moved" WHERE "email" <> '' UNION ALL SELECT "reference", %s, '' FROM "moved"
"""

_FIELDS = Payment._meta.concrete_fields
_NAMES = [field.attname for field in _FIELDS]
_COLUMNS = ", ".join(f'"{field.column}"' for field in _FIELDS)
_READ = f'SELECT {_COLUMNS} FROM "bbs_payment" WHERE "reference" = %s'  # noqa: S608  (ours)

Value = str | int | datetime | UUID | None
Insert = tuple[str, list[Value]]  # a statement that inserts rows for the payment in "moved", and its values


def payment(reference: UUID) -> Payment | None:
    """Read a payment by its key."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [reference.hex])
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    for place, column, convert in _converters(connection.vendor):
        values[place] = convert(values[place], column, connection)
    return Payment.from_db(connection.alias, _NAMES, values)


@cache
def _converters(vendor: str) -> list[tuple[int, Any, Callable[..., Any]]]:
    """Return what Django converts of what this database returns: the place in `_FIELDS`, the column, and how."""
    columns = [field.get_col(Payment._meta.db_table) for field in _FIELDS]
    return [
        (place, column, convert)
        for place, column in enumerate(columns)
        for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection))
    ]


def store(event: WebhookEvent) -> None:
    """Insert a new event. Raises django.db.IntegrityError when it is there already."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [event.payment_id and event.payment_id.hex, *_values(event)])


def _values(event: WebhookEvent) -> list[Value]:
    moments = [event.received_at, event.processed_at]
    return [event.pk, event.type, event.payload, *(connection.ops.adapt_datetimefield_value(each) for each in moments)]


def event_of_paid(event: WebhookEvent) -> Insert:
    return _STORE_PAID, _values(event)


def entries(new: list[tuple[str, str]], now: Value) -> Insert:
    """`new`: kind and detail of each. One statement, so that PostgreSQL inserts them in this order."""
    rows = ['SELECT "reference", %s, %s, %s FROM "moved"'] * len(new)
    return f"{_ENTRY} {' UNION ALL '.join(rows)}", [each for entry in new for each in (*entry, now)]


def thanks_of_paid(now: Value) -> Insert:
    return _THANK, [now]


def mails_of_paid(to_customer: str, to_staff: str) -> Insert:
    """The customer's is one where there is an address: it may be known since the order, or by what was captured."""
    return _QUEUE, [to_customer, to_staff]


def move(update: str, reference: str, values: Iterable[Value], inserts: list[Insert]) -> bool:
    """Execute `PAY` or `SEND` with these values; if that changed the payment, insert all that follows.

    Return whether it did. PostgreSQL executes all of it as one statement and is waited for once; SQLite has no such
    statement, and is not waited for. It has to be called in a transaction.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            parts = ", ".join(f"insert_{number} AS ({statement})" for number, (statement, _own) in enumerate(inserts))
            all_values = [*values, *chain.from_iterable(own for _statement, own in inserts)]
            moved = f'WITH "moved" AS ({update} RETURNING "reference", "email")'
            cursor.execute(f'{moved}, {parts} SELECT FROM "moved"', all_values)
            return bool(cursor.rowcount == 1)
        cursor.execute(update, [*values])
        if cursor.rowcount != 1:
            return False
        for statement, own in inserts:
            cursor.execute(f"{_MOVED} {statement}", [reference, *own])
        return True
