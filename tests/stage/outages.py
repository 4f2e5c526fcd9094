"""What goes away in the middle of a request: the site's database, the space on its disk, the mail server."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import django
from django.core.mail.backends import locmem
from django.core.mail.backends.base import BaseEmailBackend
from django.db import OperationalError, connection

from tests.stage.transports import Impatient

if django.VERSION >= (6, 0):
    from django.tasks.backends.base import BaseTaskBackend
else:
    from django_tasks.backends.base import BaseTaskBackend


class DatabaseGone(Impatient):
    """Stripe answers, and meanwhile the site's database has ended the connection, or another process locks it."""

    lock: sqlite3.Connection | None = None

    def request(self, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        answer = super().request(*args, **kwargs)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with suppress(OperationalError):
                    cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            elif not DatabaseGone.lock:
                connection.close_at = 0  # with the request: the next one waits as long as usual
                cursor.execute("PRAGMA busy_timeout = 1")
                name = connection.settings_dict["NAME"]
                DatabaseGone.lock = sqlite3.connect(name, isolation_level=None, check_same_thread=False)
                DatabaseGone.lock.execute("BEGIN IMMEDIATE")
        return answer


@contextmanager
def database_back_afterwards() -> Iterator[None]:
    yield
    if DatabaseGone.lock:
        DatabaseGone.lock.close()
        DatabaseGone.lock = None


class DiskFull(Impatient):
    """Stripe answers, and a thank-you topic does not fit on the disk any more."""

    def request(self, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        answer = super().request(*args, **kwargs)
        with connection.cursor() as cursor:
            connection.close_at = 0  # with the request: the disk has room again for the next one
            cursor.execute("PRAGMA max_page_count = 1")  # as many as there are
            # Without it a few small rows would find room in pages that the file has already, of rows deleted since.
            cursor.execute(
                "CREATE TEMP TRIGGER IF NOT EXISTS large AFTER INSERT ON bbs_topic BEGIN "
                "INSERT INTO django_session VALUES ('large', zeroblob(50000000), '2030-01-01'); END"
            )
        return answer


class QueueGone(BaseTaskBackend):
    """A queue for mails that takes none: its table, say, is in a database that is gone."""

    def enqueue(self, task: object, args: object, kwargs: object) -> object:
        raise OperationalError("the connection is lost")


class MailServer(BaseEmailBackend):
    """A mail server that fails with `error`."""

    error: OSError = ConnectionRefusedError()

    def send_messages(self, email_messages: list) -> int:
        raise self.error


class Hanging(locmem.EmailBackend):
    """A mail server that takes mails, and answers only when it may."""

    may_answer = threading.Event()

    def send_messages(self, messages: list) -> int:
        assert self.may_answer.wait(60)
        return super().send_messages(messages)
