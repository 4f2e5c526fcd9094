"""Transactions that a power cut may undo, and whose commit therefore does not wait for the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

NORMAL = 1  # https://www.sqlite.org/pragma.html#pragma_synchronous


@contextmanager
def atomic_unsynced() -> Iterator[None]:
    """Write in a transaction whose commit does not wait until the disk has it; within another one, a savepoint.

    Everybody sees it at once, and a process that is killed loses nothing. What a power cut undoes is undone whole, and
    nothing that was written before the next commit that waits: that one brings both to the disk, in their order. See
    https://www.postgresql.org/docs/current/wal-async-commit.html
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
    elif connection.vendor == "sqlite":
        with _normal_synchronous(), transaction.atomic():
            yield
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit TO off")
            yield


@contextmanager
def _normal_synchronous() -> Iterator[None]:
    """Let SQLite sync its log at checkpoints alone, where it does more; it allows that outside of transactions only."""
    with connection.cursor() as cursor:
        level = cursor.execute("PRAGMA synchronous").fetchone()[0]
        cursor.execute(f"PRAGMA synchronous={min(level, NORMAL)}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={level}")
