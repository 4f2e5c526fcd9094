"""Inserts recorded messages: with every request that is about a payment, and so in as few statements as it can be."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.db import connection

from bbs.commits import atomic_unsynced
from compare.models import WireMessage

_META = WireMessage._meta
_FIELDS = [field for field in _META.concrete_fields if not field.primary_key]
_COLUMNS = ", ".join(f'"{field.column}"' for field in _FIELDS)
_INTO = f'INSERT INTO "{_META.db_table}" ({_COLUMNS})'
_VALUES = ", ".join(["%s"] * len(_FIELDS))
_INSERT = f"{_INTO} VALUES ({_VALUES})"
# What `atomic_unsynced` does in four round trips to PostgreSQL: the setting is that of the statement's own transaction.
_INSERT_UNSYNCED = (
    "WITH unsynced AS (SELECT set_config('synchronous_commit', 'off', true)) "  # noqa: S608  (names of our own)
    f"{_INTO} SELECT {_VALUES} FROM unsynced"
)


def insert(messages: list[WireMessage]) -> None:
    """Insert messages, which get no keys. A commit of their own does not wait for the disk, as `bbs.commits` says."""
    values = [_values(message) for message in messages]
    is_within = connection.in_atomic_block  # whose commit is another's to make
    if len(values) == 1 and connection.vendor == "postgresql" and not is_within:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_UNSYNCED, values[0])
    elif values:
        with nullcontext() if is_within else atomic_unsynced(), connection.cursor() as cursor:
            cursor.executemany(_INSERT, values)


def _values(message: WireMessage) -> list[Any]:
    return [field.get_db_prep_save(getattr(message, field.attname), connection) for field in _FIELDS]
