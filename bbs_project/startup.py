"""Ends what cannot start with one sentence, where Django would print a traceback."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from bbs_project.environment import load, local_secret, text

ROOT = Path(__file__).resolve().parent.parent
# The exit code by which gunicorn's master detects that a worker cannot boot: at any other it would start the next one.
CANNOT_START = 3


@contextmanager
def one_sentence() -> Iterator[None]:
    """End the process with what is wrong with a setting or the database, and what to do.

    Any other error is raised on, and with `--traceback` on the command line all are.
    """
    try:
        yield
    except (ImproperlyConfigured, CommandError, DatabaseError) as error:
        sentence = missing_in_the_database(error) if isinstance(error, DatabaseError) else str(error)
        if not sentence or "--traceback" in sys.argv:
            raise
        sys.stderr.write(f"{sentence}\n")
        raise SystemExit(CANNOT_START) from None


def sandbox_alone() -> None:
    """Choose the settings of the sandbox alone: those of a site that has keys of Stripe's would leave it out.

    Its database and the key of its secrets stay where this project has its own. Raises ImproperlyConfigured.
    """
    load(os.environ.get("DJANGO_ENV_FILE"), ROOT / ".env")
    os.environ["DJANGO_SETTINGS_MODULE"] = "stripe_sandbox.alone.settings"
    os.environ["DJANGO_SECRET_KEY"] = text("DJANGO_SECRET_KEY") or local_secret(ROOT / ".django-secret-key")
    os.environ.setdefault("STRIPE_SANDBOX_DATABASE", str(ROOT / "stripe_sandbox_alone.sqlite3"))


def check_settings() -> None:
    """Run the system checks of the settings. Raises CommandError where one stops the start."""
    call_command("check", "--tag", "payments", stdout=io.StringIO())  # it speaks only to complain
    check_queue()


def check_queue() -> None:
    """Raise CommandError where the worker's tasks have no table: a payment is settled together with its task."""
    if not settings.TASKS_IN_TRANSACTION:
        return
    with suppress(DatabaseError):  # what does not answer now may do so later
        tables = connection.introspection.table_names()
        connection.close()  # a server that forks must not share it
        if apps.get_app_config("django_tasks_database").get_model("DBTaskResult")._meta.db_table not in tables:
            raise CommandError("DJANGO_TASKS=database needs tables that are missing: run `manage.py migrate` first.")


def missing_in_the_database(error: DatabaseError) -> str:
    """Return what a database lacks, so that it failed: an answer, or its tables; "" where it lacks nothing."""
    for alias in connections:
        connection = connections[alias]
        try:
            connection.close()  # a transaction that failed would refuse every question
            executor = MigrationExecutor(connection)
        except DatabaseError as silent:
            return f"The database {alias!r} does not answer: {first_line(silent)}. Is DATABASE_URL right?"
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            command = "manage.py setup" if alias != "default" else "manage.py migrate"
            return f"The database {alias!r} lacks tables ({first_line(error)}): run `{command}` first."
    return ""


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
