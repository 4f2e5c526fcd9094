"""Finish every payment that is not at rest, by asking Stripe. Meant for cron, every few minutes."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import datetime

import stripe
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from bbs import limits
from bbs.management.since import add_since, or_default
from bbs.models import Payment
from bbs.payments import reconciliation


class Command(BaseCommand):
    help = (
        "Ask Stripe about every payment that is not at rest and settle it, repair what differs from Stripe's books, "
        "send mails that were not sent, process events that wait, and delete expired counts. Exit code 1 when Stripe "
        "could not be asked about some of them."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_since(parser)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be asked about")

    def handle(self, *args: object, since: datetime | None, dry_run: bool, **options: object) -> None:
        since = or_default(since)
        unfinished = reconciliation.unfinished(since)
        if dry_run:
            for payment in unfinished:
                self.stdout.write(f"{payment.reference} {payment.flow} {payment.status} {payment.created_at:%F %T}")
            self.stdout.write(f"{unfinished.count()} payments would be asked about; nothing was changed.")
            return
        outcomes = self._finish(list(unfinished))
        try:
            repaired = reconciliation.repair(since)
        except stripe.StripeError as error:
            self.stderr.write(f"The books could not be compared: {type(error).__name__}")
            outcomes["not asked"] += 1
            repaired = 0
        mails = reconciliation.send_waiting_mails()
        limits.delete_expired(timezone.now())
        # Last, so that an event on which the code fails keeps nothing else from being done.
        events = reconciliation.process_waiting_events()
        summary = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())) or "none open"
        self.stdout.write(f"payments: {summary}; events: {events}; differences: {repaired}; mails: {mails}")
        if outcomes["not asked"]:
            raise CommandError("Stripe could not be asked about everything; the next run asks again.")

    def _finish(self, unfinished: list[Payment]) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        for payment in tqdm(unfinished, unit="payment", disable=None, file=self.stderr, leave=False):
            try:
                outcomes[reconciliation.finish(payment)] += 1
            except stripe.StripeError as error:
                self.stderr.write(f"{payment.reference}: {type(error).__name__}")
                outcomes["not asked"] += 1
        return outcomes
