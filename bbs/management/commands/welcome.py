"""Print where the board is, which flow is on, and which card to type."""

from __future__ import annotations

import argparse

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bbs import payments


class Command(BaseCommand):
    help = "Print the board's address, the payment flow that is on, and which card to type."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="host name or address (default: %(default)s)")
        parser.add_argument("--port", default="8000", help="port (default: %(default)s)")

    def handle(self, *args: object, host: str, port: str, **options: object) -> None:
        if settings.STRIPE_LIVEMODE:
            card = gettext_noop("LIVE keys: real cards are charged real money.")
        else:
            card = gettext_noop("Type 4242 4242 4242 4242, any future date, any CVC. No money moves.")
        with translation.override("ja"):
            japanese = _(card)
        switch = " (each visitor can switch in the header)" if settings.PAYMENT_FLOW_SWITCHER else ""
        moved = payments.percentage_moved()
        rollout = f", for {moved} % of visitors modern" if moved else ""
        self.stdout.write(
            f"\n  簡易掲示板 / Board   http://{host}:{port}/\n"
            f"  flow                 {settings.PAYMENT_FLOW}{rollout}{switch}\n"
            f"  card                 {card}\n"
            f"                       {japanese}\n"
        )
