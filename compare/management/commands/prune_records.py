"""Delete what was recorded on the wire long ago. Meant for cron, once a day."""

from __future__ import annotations

import argparse
from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from compare.models import WireMessage

DAYS = 30


def days(text: str) -> int:
    """Read a number of days. Raises ArgumentTypeError for one that is negative or none."""
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days.")
    return int(text)


class Command(BaseCommand):
    help = "Delete the recorded messages that are older than a number of days; no payment depends on them."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--days", type=days, default=DAYS, help=f"how old a message may be (default: {DAYS})")

    def handle(self, *args: object, days: int, **options: object) -> None:
        old = WireMessage.objects.filter(started_at__lt=timezone.now() - timedelta(days=days))
        count, _by_model = old.delete()
        self.stdout.write(f"{count} messages older than {days} days were deleted.")
