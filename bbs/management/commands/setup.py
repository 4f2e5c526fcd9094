"""Make every database ready to serve, and fill an empty board with samples."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from bbs import demo


class Command(BaseCommand):
    help = "Migrate every configured database and load the sample products and posts into an empty board."

    def execute(self, *args: object, **options: object) -> str | None:
        """Make SQLite's files before anything connects, as a system check may: only their owner can read them.

        They hold e-mail addresses. SQLite's other files follow them.
        """
        for alias in connections:
            if connections[alias].vendor == "sqlite":
                Path(connections[alias].settings_dict["NAME"]).touch(0o600)
        return super().execute(*args, **options)

    def handle(self, *args: object, **options: object) -> None:
        for alias in connections:
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        demo.load()
