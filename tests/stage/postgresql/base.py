"""PostgreSQL as the tests use it: `tests.settings` names this package as the database's ENGINE."""

from __future__ import annotations

from django.db.backends.postgresql import operations

from bbs_project.postgresql import base
from tests.stage.kept import without_kept


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, style: object, tables: list[str], **options: bool) -> list[str]:
        """Empty tables after a test: of a few rows each, DELETE is much quicker than TRUNCATE."""
        return [f"DELETE FROM {self.quote_name(table)}" for table in without_kept(tables)]  # noqa: S608  (our tables)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
