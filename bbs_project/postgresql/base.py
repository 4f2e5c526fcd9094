"""PostgreSQL as Django has it, except for how it checks whether a kept connection is still open.

Django asks the server for `SELECT 1` before the first query of each request. A server that restarts, or that ends an
idle connection, closes the connection; libpq detects that without asking. What was lost on the way without
being closed, Django's query would wait for as long as the request's own.
"""

from __future__ import annotations

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Names this package as `settings.DATABASES[…]["ENGINE"]`."""

    def is_usable(self) -> bool:
        """Return whether the connection is open, on the server's side too."""
        if self.connection is None:
            return False
        try:
            # The first may read why the server closes it; the second then finds it closed.
            self.connection.pgconn.consume_input()
            self.connection.pgconn.consume_input()
        except psycopg.Error:
            return False
        # After an error a new one is taken: a statement that was planned before a migration fails from then on.
        return not (self.connection.closed or self.errors_occurred)
