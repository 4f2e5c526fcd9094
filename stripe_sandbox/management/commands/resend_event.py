"""`manage.py resend_event evt_…`: deliver an event once more."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from stripe_sandbox import accounts, conf
from stripe_sandbox.models import StripeObject
from stripe_sandbox.webhooks import deliveries, endpoints


class Command(BaseCommand):
    help = "Deliver an event of the Stripe sandbox once more; the running server posts it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("event", help="its id, evt_…")

    def handle(self, *args: Any, **options: Any) -> None:
        event = StripeObject.everywhere.filter(kind="event", sid=options["event"]).first()
        account = accounts.by_id(event.account) if event else None
        if event is None or account is None:
            raise CommandError(f"No such event: '{options['event']}'. The dashboard lists them: /sandbox/events/")
        with accounts.acting_for(account):
            self.resend(event)

    def resend(self, event: StripeObject) -> None:
        """Deliver an event of the served account to each of its endpoints that wants it."""
        with transaction.atomic(using=conf.DATABASE):
            targets = endpoints.listening(event.tag)
            for endpoint in targets:
                deliveries.resend(event, endpoint)
        if not targets:
            raise CommandError(f"No enabled endpoint wants events of type {event.tag}.")
        self.stdout.write(f"{event.tag} [{event.sid}] goes to {len(targets)} endpoint(s) again.")
