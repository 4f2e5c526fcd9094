"""Rehearse the migration from legacy to modern, with visitors and with all that goes wrong."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from compare.rehearsal import rehearsing
from compare.rehearsal.report import Report


def number(most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from 1 to `most`."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
            raise ArgumentTypeError(f"must be a whole number from 1 to {most:,}")
        return int(text)

    return read


class Command(BaseCommand):
    help = (
        "Let visitors pay while the share of the modern flow changes, apart from all other payments; exit with 1 "
        "unless the books are at zero and every payment is final."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        visitors, processes = number(rehearsing.MOST_VISITORS), number(rehearsing.MOST_PROCESSES)
        parser.add_argument("--visitors", type=visitors, default=500, help="how many come (default: 500)")
        parser.add_argument("--seed", type=int, default=1, help="another number is another mix (default: 1)")
        parser.add_argument("--processes", type=processes, help="how many serve the shop (default: 2, of two cores)")
        parser.add_argument(
            "--database",
            default="",
            metavar="URL",
            help="postgres://…, on whose server a database is created and dropped again (default: a SQLite file)",
        )

    def handle(
        self, *args: object, visitors: int, seed: int, processes: int | None, database: str, **options: object
    ) -> None:
        try:
            report = self._watch(visitors, seed=seed, processes=processes, server=database)
        except rehearsing.Refused as refused:
            raise CommandError(str(refused)) from None
        except rehearsing.Broken as broken:
            raise CommandError(f"The rehearsal ended before its end:\n{broken}") from None
        except KeyboardInterrupt:
            raise CommandError("Stopped: its processes and its database are gone.", returncode=130) from None
        self.stdout.write(report.text)
        if not report.is_good:
            raise CommandError("The books are not at zero, or something is left open, as shown above.")

    def _watch(self, visitors: int, **how: Any) -> Report:
        with tqdm(total=visitors, unit="visitor", disable=None, file=self.stderr, leave=False) as bar:
            for step in rehearsing.rehearse(visitors, **how):
                if isinstance(step, Report):
                    return step
                bar.set_description(f"modern {step.share} %")
                bar.update(step.done - bar.n)
        raise rehearsing.Broken("There is no report.")
