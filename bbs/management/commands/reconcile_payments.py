"""Finish every payment that is not final, by its state at Stripe. Meant for cron, every few minutes."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from bbs import limits
from bbs.management.since import add_since, or_default
from bbs.models import Payment
from bbs.payments import reconciliation
from bbs.payments.errors import tolerated


class Command(BaseCommand):
    help = (
        "Fetch every payment that is not final from Stripe and settle it, repair what differs from Stripe's books, "
        "send mails that were not sent, process events that wait, and delete expired counts. Each payment, mail or "
        "event that fails is named, and holds up no other; the exit code is then 1."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_since(parser)
        parser.add_argument("--dry-run", action="store_true", help="only show which payments would be checked")

    def handle(self, *args: object, since: datetime | None, dry_run: bool, **options: object) -> None:
        since = or_default(since)
        unfinished = reconciliation.unfinished(since)
        if dry_run:
            for payment in unfinished:
                self.stdout.write(f"{payment.reference} {payment.flow} {payment.status} {payment.created_at:%F %T}")
            self.stdout.write(f"{unfinished.count()} payments would be checked; nothing was changed.")
            return
        self.failed: set[str] = set()
        outcomes = self._finish(list(unfinished))
        differences = reconciliation.repair(since, self._fail)
        mails = reconciliation.send_waiting_mails(self._fail)
        events = reconciliation.process_waiting_events(self._fail)
        with tolerated("expired counts", self._fail):
            limits.delete_expired(timezone.now())
        summary = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())) or "none open"
        self.stdout.write(f"payments: {summary}; events: {events}; differences: {differences}; mails: {mails}")
        if self.failed:
            raise CommandError(f"{len(self.failed)} of these failed, as named above; the next run tries again.")

    def _fail(self, what: str) -> None:
        if what not in self.failed:  # a payment may fail by itself, and again in the comparison
            self.failed.add(what)
            self.stderr.write(what)

    def _finish(self, unfinished: list[Payment]) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        for payment in tqdm(unfinished, unit="payment", disable=None, file=self.stderr, leave=False):
            with tolerated(payment.pk, self._fail):
                outcomes[reconciliation.finish(payment)] += 1
        return outcomes
