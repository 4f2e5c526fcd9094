"""Make every database ready to serve, and fill an empty board with samples."""

from __future__ import annotations

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from bbs import demo


class Command(BaseCommand):
    help = "Migrate every configured database and load the sample products and posts into an empty board."

    def handle(self, *args: object, **options: object) -> None:
        for alias in connections:
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        demo.load()
