"""Compare our books' payments with Stripe's, to the last yen."""

from __future__ import annotations

import argparse
from datetime import datetime

import stripe
from django.core.management.base import BaseCommand, CommandError

from bbs.management.since import add_since, or_default
from bbs.money import format_money
from bbs.payments import reconciliation
from bbs.payments.errors import brief


class Command(BaseCommand):
    help = (
        "Compare our books with Stripe's, per flow and currency, and print every payment on which they differ. "
        "Exit code 0 when they agree, 1 when they do not or Stripe's cannot be read."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_since(parser)

    def handle(self, *args: object, since: datetime | None, **options: object) -> None:
        try:
            result = reconciliation.compare(or_default(since))
        except stripe.StripeError as error:
            raise CommandError(f"Stripe's books could not be read: {brief(error)}") from error
        for flow, currency in sorted(result.ours.keys() | result.stripes.keys()):
            ours, stripes = result.ours[flow, currency], result.stripes[flow, currency]
            self.stdout.write(
                f"{flow:6} {currency}  ours {format_money(ours, currency)}  Stripe's {format_money(stripes, currency)}"
                f"  difference {format_money(ours - stripes, currency)}"
            )
        for d in result.differences:
            differ = f"ours {format_money(d.ours, d.currency)}, Stripe's {format_money(d.stripes, d.currency)}"
            self.stdout.write(f"  {d.reference} {d.flow} {d.currency}: {differ}")
        for reference in sorted(result.unrecorded_disputes):
            self.stdout.write(f"  {reference}: disputed at Stripe, and not in our history")
        for reference in sorted(result.unrecorded_refunds):
            self.stdout.write(f"  {reference}: the status of a refund at Stripe is not the one in our books")
        unrecorded = result.unrecorded_disputes | result.unrecorded_refunds
        if differing := {d.reference for d in result.differences} | unrecorded:
            raise CommandError(
                f"The books differ on {len(differing)} payments. Run reconcile_payments, then compare again; "
                "review what still differs in the admin."
            )
        self.stdout.write("The books agree.")
