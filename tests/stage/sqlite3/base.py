"""SQLite as the tests use it: `tests.settings` names this package as the database's ENGINE."""

from __future__ import annotations

from django.db.backends.sqlite3 import base, operations

from tests.stage.kept import without_kept


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, style: object, tables: list[str], **options: bool) -> list[str]:
        return super().sql_flush(style, without_kept(tables), **options)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
