"""PostgreSQL as the tests use it: `tests.settings` names this package as the database's ENGINE."""

from __future__ import annotations

from django.db.backends.postgresql import creation, operations

from bbs_project.postgresql import base
from tests.stage.kept import without_kept


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, style: object, tables: list[str], **options: bool) -> list[str]:
        """Empty tables after a test: of a few rows each, DELETE is much quicker than TRUNCATE."""
        return [f"DELETE FROM {self.quote_name(table)}" for table in without_kept(tables)]  # noqa: S608  (our tables)


class DatabaseCreation(creation.DatabaseCreation):
    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        """Drop the database even while a thread of the tests' server ends, and holds its connection until then."""
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(test_database_name)} WITH (FORCE)")


class DatabaseWrapper(base.DatabaseWrapper):
    creation_class = DatabaseCreation
    ops_class = DatabaseOperations
