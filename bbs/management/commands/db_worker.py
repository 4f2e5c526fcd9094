"""Send the mails that wait for a worker: django-tasks-db's own command, where the settings want one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

if not TYPE_CHECKING and settings.TASKS_IN_TRANSACTION:
    from django_tasks_db.management.commands.db_worker import Command
else:

    class Command(BaseCommand):
        help = "Send the mails that wait for a worker, where DJANGO_TASKS=database."

        def run_from_argv(self, argv: list[str]) -> NoReturn:
            """Refuse, whatever the options of the real command are."""
            self.execute()

        def execute(self, *args: object, **options: object) -> NoReturn:
            raise CommandError(
                "No mail waits for a worker: each is sent by the process that queued it. "
                "Set DJANGO_TASKS=database, and run `manage.py migrate`, to have a worker send them."
            )


__all__ = ["Command"]
