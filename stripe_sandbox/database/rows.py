"""Rows of the sandbox's database: kept apart by account, found and inserted in a quarter of Django's time."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any, NamedTuple, Self

import msgspec
from django.db import connections, models, router

from . import scope


class AccountManager(models.Manager):
    """The rows of the account that is served, and of no other."""

    def get_queryset(self) -> models.QuerySet:
        """Return the served account's rows."""
        return super().get_queryset().filter(account=scope.account_id())


class Row(models.Model):
    """A row of one account, found and inserted in a quarter of Django's time: no statement is composed for each call.

    This is the one place that keeps accounts apart: `objects` and `select` find the rows of the account that is
    served, and a new row is its own. `everywhere` finds those of all, for what serves no account.
    """

    account = models.BigIntegerField(default=scope.account_id, editable=False)

    objects = AccountManager()
    everywhere: models.Manager = models.Manager()

    class Meta:
        abstract = True

    @classmethod
    def select(cls, condition: str, *values: Any, order: str = "") -> list[Self]:
        """Return the served account's rows that meet a condition in SQL, with a `%s` for each value.

        `order`: the columns to order by, in SQL.
        """
        alias, columns = router.db_for_read(cls), _columns(cls)
        return [
            cls.from_db(alias, columns.names, [read(v) for read, v in zip(columns.read, row, strict=True)])
            for row in cls.select_values(columns.listed, condition, *values, order=order)
        ]

    @classmethod
    def first(cls, condition: str, *values: Any, order: str = "") -> Self | None:
        """Return the first of the rows that `select` returns, or None."""
        return next(iter(cls.select(condition, *values, order=order)), None)

    @classmethod
    def select_values(cls, listed: str, condition: str, *values: Any, order: str = "") -> list[tuple[Any, ...]]:
        """Return what is listed in SQL of each of the rows that `select` returns, as SQLite has it."""
        statement = f"SELECT {listed} FROM {cls._meta.db_table} WHERE account = %s AND ({condition})"  # noqa: S608  (ours)
        if order:
            statement += f" ORDER BY {order}"
        with connections[router.db_for_read(cls)].cursor() as cursor:
            return cursor.execute(statement, (scope.account_id(), *values)).fetchall()

    @classmethod
    def insert_all(cls, rows: list[dict[str, Any]], *, missing: bool = False) -> None:
        """Insert new rows with these values by field, or its default; what `insert` works out itself must be given.

        `missing`: only those that no unique constraint forbids.
        """
        if not rows:
            return
        connection, columns = connections[router.db_for_write(cls)], _columns(cls)
        default = {field.attname: field.get_default() for field in cls._meta.concrete_fields}
        values = [
            [write(row[name]) for write, name in zip(columns.write, columns.names, strict=True)]
            for row in ({**default, **given} for given in rows)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(_insertion(cls, "INSERT OR IGNORE" if missing else "INSERT"), values)

    def insert(self) -> Self:
        """Insert the row, as `save` does with one that is new; no signal is sent."""
        connection, columns = connections[router.db_for_write(type(self))], _columns(type(self))
        values = [write(getattr(self, name)) for write, name in zip(columns.write, columns.names, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_insertion(type(self)), values)
            self.pk = cursor.lastrowid
        self._state.adding, self._state.db = False, connection.alias
        return self


class _Columns(NamedTuple):
    """A table's columns, and what makes a field's value of each value of SQLite's, and the other way round."""

    names: list[str]
    listed: str
    read: list[Callable[[Any], Any]]
    write: list[Callable[[Any], Any]]


@functools.cache
def _columns(model: type[Row]) -> _Columns:
    fields = model._meta.concrete_fields
    return _Columns(
        [field.attname for field in fields],
        ", ".join(str(field.column) for field in fields),
        [_READ.get(type(field), _same) for field in fields],
        [_WRITE.get(type(field), _same) for field in fields],
    )


@functools.cache
def _insertion(model: type[Row], verb: str = "INSERT") -> str:
    columns = _columns(model)
    marks = ", ".join(["%s"] * len(columns.names))
    return f"{verb} INTO {model._meta.db_table} ({columns.listed}) VALUES ({marks})"


def _same(value: Any) -> Any:
    return value


_READ: dict[type, Callable[[Any], Any]] = {models.BooleanField: bool, models.JSONField: json.loads}
_WRITE: dict[type, Callable[[Any], Any]] = {models.JSONField: lambda value: msgspec.json.encode(value).decode()}
