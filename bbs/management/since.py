"""The `--since` option that the bookkeeping commands share."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

DEFAULT = timedelta(days=7)


def moment(text: str) -> datetime:
    """Read a date or a time, in the site's time zone unless it names one. Raises ArgumentTypeError."""
    try:
        value = parse_datetime(text)
        if value is None and (day := parse_date(text)):
            value = datetime(day.year, day.month, day.day)  # noqa: DTZ001  (made aware below)
    except ValueError:
        value = None
    if value is None:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a date such as 2026-11-22 nor a time.")
    return value if timezone.is_aware(value) else timezone.make_aware(value)


def add_since(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--since",
        type=moment,
        default=None,
        metavar="DATE",
        help=f"only payments opened since then (default: {DEFAULT.days} days ago)",
    )


def or_default(since: datetime | None) -> datetime:
    return since or timezone.now() - DEFAULT
