"""Transactions whose commit does not wait for the disk."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from bbs.commits import atomic_unsynced
from bbs.models import Topic

OFF, NORMAL, FULL = range(3)  # PRAGMA synchronous
SETTING = "PRAGMA synchronous" if connection.vendor == "sqlite" else "SHOW synchronous_commit"
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite sets it for the connection")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL sets it for the transaction")


def ask(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def post(comment: str, fails: bool) -> object:
    """Post in such a transaction; return what the database has set meanwhile. Raises KeyError if it `fails`."""
    with atomic_unsynced():
        Topic.objects.create(comment=comment)
        found = ask(SETTING)
        if fails:
            raise KeyError(found)
    return found


@on_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("level", "meanwhile"), [(OFF, OFF), (NORMAL, NORMAL), (FULL, NORMAL)])
@pytest.mark.parametrize("fails", [False, True])
def test_sqlite_syncs_as_before_once_it_is_written(level: int, meanwhile: int, fails: bool) -> None:
    connection.cursor().execute(f"PRAGMA synchronous={level}")
    try:
        found = post("kept", fails)
    except KeyError as error:
        found = error.args[0]

    assert (found, ask(SETTING)) == (meanwhile, level)
    assert Topic.objects.exists() is not fails
    connection.close()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_postgresql_waits_again_from_the_next_transaction_on() -> None:
    connection.cursor().execute("SET synchronous_commit TO on")

    assert (post("kept", fails=False), ask(SETTING)) == ("off", "on")
    assert Topic.objects.exists()
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_within_a_transaction_that_one_decides_and_only_what_failed_is_undone() -> None:
    before = ask(SETTING)
    with transaction.atomic():
        assert post("of the transaction", fails=False) == before
        with pytest.raises(KeyError):
            post("of the block", fails=True)

    assert list(Topic.objects.values_list("comment", flat=True)) == ["of the transaction"]
