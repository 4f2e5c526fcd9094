"""The sandbox's database outlives a kill, and is written faster for not outliving a power cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connections

FULL, NORMAL, OFF = 2, 1, 0


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("alias", "command", "level"),
    [
        ("stripe_sandbox", "PRAGMA journal_mode=WAL", NORMAL),
        ("stripe_sandbox", "PRAGMA synchronous=OFF", OFF),
        ("default", "PRAGMA journal_mode=WAL", FULL),
    ],
)
def test_its_own_database_alone_is_hurried_and_only_where_nobody_has_chosen(
    alias: str, command: str, level: int, tmp_path: Path
) -> None:
    connection = connections["stripe_sandbox"].copy(alias)
    connection.settings_dict |= {"NAME": tmp_path / "new.sqlite3", "OPTIONS": {"init_command": command}}

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        found = cursor.fetchone()[0]
    connection.close()

    assert found == level
