"""The sandbox's database outlives a kill, and is written faster for not outliving a power cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connections

FULL, NORMAL, OFF = 2, 1, 0
USUAL = 1000  # pages


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("alias", "command", "level", "pages"),
    [
        ("stripe_sandbox", "PRAGMA journal_mode=WAL", NORMAL, 4000),
        ("stripe_sandbox", "PRAGMA synchronous=OFF", OFF, 4000),
        ("default", "PRAGMA journal_mode=WAL", FULL, USUAL),
    ],
)
def test_its_own_database_alone_is_not_synchronized_and_only_where_no_setting_is_chosen(
    alias: str, command: str, level: int, pages: int, tmp_path: Path
) -> None:
    connection = connections["stripe_sandbox"].copy(alias)
    connection.settings_dict |= {"NAME": tmp_path / "new.sqlite3", "OPTIONS": {"init_command": command}}

    with connection.cursor() as cursor:
        found = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "wal_autocheckpoint")]
    connection.close()

    assert found == [level, pages]
