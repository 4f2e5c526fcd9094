"""A kept connection to PostgreSQL that the server closed is replaced before its next request."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connections

from bbs_project.postgresql.base import DatabaseWrapper

pytestmark = pytest.mark.skipif(
    not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="needs PostgreSQL"
)


@pytest.fixture
def kept(django_db_setup: None, django_db_blocker) -> Iterator[DatabaseWrapper]:
    """A connection of its own, kept with health checks, as a server's thread has it after a request."""
    with django_db_blocker.unblock():
        values = connections["default"].settings_dict | {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 60}
        connection = DatabaseWrapper(values, "kept")
        ask(connection)
        yield connection
        connection.close()


def ask(connection: DatabaseWrapper) -> int:
    """Return the process of the server that answers, as the first query of a request."""
    connection.health_check_done = False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def read(connection: DatabaseWrapper, statement: str) -> list[tuple]:
    """Read in a request of its own."""
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_an_open_connection_is_used_again(kept: DatabaseWrapper) -> None:
    assert kept.is_usable()
    assert ask(kept) == ask(kept)


def test_a_connection_that_the_server_ended_is_replaced_without_an_error(kept: DatabaseWrapper) -> None:
    ended = ask(kept)
    with psycopg.connect(**_address(kept), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [ended])

    assert not kept.is_usable()
    assert ask(kept) != ended


def test_a_connection_that_is_gone_on_our_side_is_replaced(kept: DatabaseWrapper) -> None:
    ended = ask(kept)
    kept.connection.close()

    assert not kept.is_usable()
    assert ask(kept) != ended


def test_a_statement_that_a_migration_changes_fails_once_for_each_connection(kept: DatabaseWrapper) -> None:
    with psycopg.connect(**_address(kept), autocommit=True) as other:
        other.execute("CREATE TABLE planned (name varchar(10))")
        try:
            for _ in range(10):
                read(kept, "SELECT * FROM planned")
            other.execute("ALTER TABLE planned ALTER name TYPE varchar(20)")

            with pytest.raises(DatabaseError, match="cached plan must not change result type"):
                read(kept, "SELECT * FROM planned")
            assert read(kept, "SELECT * FROM planned") == []
        finally:
            other.execute("DROP TABLE planned")


def test_none_is_not_usable(kept: DatabaseWrapper) -> None:
    kept.close()

    assert not kept.is_usable()


def _address(connection: DatabaseWrapper) -> dict[str, object]:
    names = ("host", "port", "user", "password", "dbname")
    return {name: value for name, value in connection.get_connection_params().items() if name in names}
