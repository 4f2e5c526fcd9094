"""Empty the board and the sandbox for the next class, and load the samples."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from compare import reset


class Command(BaseCommand):
    help = "Empty board, request log and sandbox, and load the samples; refused with the keys of a Stripe account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-input", action="store_false", dest="interactive", help="do not ask")

    def handle(self, *args: object, interactive: bool, **options: object) -> None:
        try:
            reset.refuse_without_sandbox()
            self.stdout.write(f"Now there: {self.said(reset.counts())}.")
            if interactive and not self.agreed():
                raise CommandError("Nothing was deleted.")
            self.stdout.write(f"Sandbox: account {reset.empty_sandbox()} was emptied.")
            self.stdout.write(f"Board: {self.said(reset.empty_board())} were deleted.")
        except reset.Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"Samples were loaded: {self.said(reset.counts())}.")

    def agreed(self) -> bool:
        """Ask for confirmation at the terminal; without an interactive terminal, return False."""
        try:
            return input("Type yes to delete all of it, and all of the sandbox: ") == "yes"
        except EOFError:
            return False

    def said(self, counts: dict[str, int]) -> str:
        return "{topics} posts, {payments} payments, {events} events, {messages} recorded messages".format(**counts)
