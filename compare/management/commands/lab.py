"""`manage.py lab`: the lab in a terminal, whatever the site's keys are: the sandbox and the database are its own."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bbs.models import Flow
from compare.apart.process import Died, Failed, Process, is_possible
from compare.content import content
from compare.content.lab import Scenario
from compare.lab import runner
from compare.lab.results import Column, documented, found

ROWS = ("saw", "Stripe took", "books", "delivered", "confirmed by", "verdict")


def cells(column: Column) -> list[str]:
    """Return what a column of the table says, without its heading."""
    outcome = column.outcome
    saw = f"{outcome.saw}: {column.said}" if column.said else outcome.saw
    confirmed = f"{outcome.confirmed}, {column.after} later" if column.after else outcome.confirmed
    delivered = str(outcome.delivered)
    return [
        saw,
        column.took,
        column.books,
        delivered,
        confirmed,
        f"{'ok' if column.is_good else '!!'} {outcome.verdict}",
    ]


class Command(BaseCommand):
    help = (
        "Run what can go wrong with a payment, on a database and a sandbox of its own, and print the outcomes; exit "
        "with 1 where one of them is not the documented one."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        names = [scenario.id for scenario in content().lab.scenarios]
        rungs = [rung.id for rung in content().ladder.rungs]
        parser.add_argument(
            "scenario",
            nargs="?",
            choices=names,
            metavar="SCENARIO",
            help=f"all of them without one, or {', '.join(names)}",
        )
        parser.add_argument("--flow", choices=Flow.values, help="only shops of this flow")
        parser.add_argument(
            "--rung",
            choices=[*rungs, "all"],
            metavar="RUNG",
            help=f"this rung of the ladder, or all of them, instead of the first and the last: {', '.join(rungs)}, all",
        )

    def handle(
        self, *args: object, scenario: str | None, flow: str | None, rung: str | None, **options: object
    ) -> None:
        if not is_possible():
            raise CommandError("The lab needs the sandbox: the folder stripe_sandbox/ is not here.")
        chosen = [each for each in content().lab.scenarios if scenario in (None, each.id)]
        asked = [(each, rungs) for each in chosen if (rungs := self.rungs(each, flow, rung))]
        if not asked:
            raise CommandError("No such shop can meet this scenario.")
        different = 0
        with Process("compare.lab.work:run") as apart:
            for each, rungs in asked:
                try:
                    results = list(apart.ask(scenario=each.id, rungs=rungs))
                except (Died, Failed) as error:
                    raise CommandError(f"{each.id} could not be run: {str(error) or type(error).__name__}") from error
                different += self.print_table(each, results)
        if different:
            raise CommandError(f"Outcomes that are not the documented ones: {different}.")

    def rungs(self, scenario: Scenario, flow: str | None, rung: str | None) -> list[str]:
        """Return the rungs on which a scenario is to be run, of those that can meet it."""
        wanted = {None: runner.columns(scenario), "all": list(scenario.rungs)}.get(rung, [rung])
        flows = {each.id: each.flow for each in content().ladder.rungs}
        return [name for name in wanted if name in scenario.rungs and flow in (None, flows[name])]

    def print_table(self, scenario: Scenario, results: Sequence[Mapping[str, Any]]) -> int:
        """Print the outcomes, beside what is documented where that is something else; return how many differ."""
        columns = found(results)
        expected = documented(scenario, [column.rung.id for column in columns])
        heads = [column.rung.id for column in columns]
        tables = [cells(column) for column in columns]
        widths = [max(map(len, [head, *table])) for head, table in zip(heads, tables, strict=True)]
        self.stdout.write(f"\n{scenario.title.plain}  ({sum(each['milliseconds'] for each in results):.0f} ms)")
        for name, row in (("", heads), *zip(ROWS, zip(*tables, strict=True), strict=True)):
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write(f"  {name:<13}{line}".rstrip())
        differing = [(a, b) for a, b in zip(columns, expected, strict=True) if a.outcome != b.outcome]
        for column, wanted in differing:
            self.stdout.write(f"  {column.rung.id} differs; documented is: {', '.join(cells(wanted))}")
        return len(differing)
