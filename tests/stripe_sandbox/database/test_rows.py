"""Rows that are inserted and found without Django's composing are what Django makes of them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from stripe_sandbox.database.rows import Row
from stripe_sandbox.models import Backlog, Delivery, Fault, IdempotencyKey, LoggedRequest, StripeObject, Task

# A row of each table, with texts that JSON and SQL write in a special way.
NAME = "花子 \N{GRINNING FACE} \x00 \u2028 \"%s\" 'O''Hara' \\"
ROWS: list[tuple[type[Row], dict[str, object]]] = [
    (StripeObject, {"sid": "ch_1", "kind": "charge", "created": 1, "body": {"object": "charge", "a": [NAME, None]}}),
    (
        StripeObject,
        {"sid": "ch_2", "kind": "charge", "created": 1, "body": {"object": NAME}, "private": {"b": [1.5, 2**60]}},
    ),
    (StripeObject, {"sid": "ch_3", "kind": "charge", "created": 1, "body": {"object": "charge"}, "deleted": True}),
    (IdempotencyKey, {"key": NAME, "scope": "/", "request_id": "r", "status": 200, "body": NAME, "created": 2**40}),
    (
        LoggedRequest,
        {
            "request_id": "r", "created": 1.5, "method": "GET", "path": NAME, "status": 1, "milliseconds": 0.25,
            "params": {NAME: {"0": NAME}}, "answer": NAME, "replayed": True,
        },
    ),
    (Delivery, {"event": "evt_1", "event_type": "a.b", "endpoint": "we_1", "due": 1.5}),
    (Delivery, {"event": "evt_1", "event_type": "a.b", "endpoint": "we_1", "due": 2.5, "state": "failed"}),
    (Task, {"name": "dispute", "subject": NAME, "due": 1.25}),
    (Fault, {"target": "api", "effect": "500"}),
]  # fmt: skip


def columns(row: Row) -> dict[str, tuple[type, object]]:
    return {name: (type(value), value) for name, value in vars(row).items() if name != "_state"}


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(("model", "values"), ROWS)
def test_a_row_is_inserted_and_found_as_django_does_it(model: type[Row], values: dict[str, object]) -> None:
    inserted = model(**values).insert()
    found = model.objects.get()
    (selected,) = model.select(f"{model._meta.pk.column} = %s", inserted.pk)
    model.objects.filter(pk=inserted.pk).delete()
    model(pk=inserted.pk, **values).save(force_insert=True)
    saved = model.objects.get()

    assert columns(found) == columns(selected) == columns(saved)
    assert vars(inserted) | {"_state": None} == vars(found) | {"_state": None}
    assert (inserted._state.adding, inserted._state.db) == (selected._state.adding, selected._state.db)


@pytest.mark.django_db(databases="__all__")
def test_a_row_that_is_there_is_not_inserted_again() -> None:
    StripeObject(**ROWS[0][1]).insert()

    with pytest.raises(IntegrityError):
        StripeObject(**ROWS[0][1]).insert()


@pytest.mark.django_db(databases="__all__")
def test_of_many_rows_those_that_are_missing_can_be_inserted_alone() -> None:
    rows = [{"endpoint": "we_1", "endpoint_seq": 1, "event_seq": number, "due": 1.5} for number in (1, 2)]

    Backlog.insert_all(rows, missing=True)

    assert Backlog.select_values("event_seq, due", "endpoint_seq = %s", 1) == [(1, 1.5)]
    with pytest.raises(IntegrityError):
        Backlog.insert_all(rows)


@pytest.mark.django_db(databases="__all__")
def test_rows_are_found_in_the_order_that_is_asked_for() -> None:
    for due in (3, 1, 2):
        Task(name="a", subject="b", due=due).insert()

    assert [task.due for task in Task.select("name = %s AND due > %s", "a", 1, order="due DESC")] == [3, 2]


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(("model", "values"), ROWS)
def test_many_rows_are_inserted_as_one_is(model: type[Row], values: dict[str, object]) -> None:
    model(**values).insert()
    once = model.objects.get()
    model.objects.all().delete()

    model.insert_all([values])
    model.insert_all([])

    among_many, pk = model.objects.get(), model._meta.pk.attname
    setattr(among_many, pk, getattr(once, pk))
    assert columns(among_many) == columns(once)
