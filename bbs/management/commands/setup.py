"""Make every database ready to serve, and fill an empty board with samples."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from bbs import demo


class Command(BaseCommand):
    help = "Migrate every configured database and load the sample products and posts into an empty board."

    def handle(self, *args: object, **options: object) -> None:
        for alias in connections:
            if connections[alias].vendor == "sqlite":
                # It holds e-mail addresses: made here, only its owner can read it. SQLite's other files follow it.
                Path(connections[alias].settings_dict["NAME"]).touch(0o600)
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        demo.load()
