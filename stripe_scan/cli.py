"""The command line."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from stripe_scan import fixing, settings
from stripe_scan.catalogue import by_id
from stripe_scan.findings import Report
from stripe_scan.output.checklist import as_markdown
from stripe_scan.output.machine import as_json, as_sarif
from stripe_scan.output.people import as_text
from stripe_scan.output.rules import as_list, coverage, explained
from stripe_scan.output.texts import language, say
from stripe_scan.scanning import Options, scan

WRONG = 2
# Seconds after which a run shows how far it is.
PATIENCE = 1.0


def main(arguments: list[str]) -> int:
    """Run the command; return 0 for nothing found, 1 for findings, 2 for a wrong path or option."""
    options = parser().parse_args(arguments)
    lang = language()
    if answer := _about_rules(options, lang):
        put(answer)
        return 0
    if options.path is None:
        parser().error("which folder?")
    top = Path(options.path)
    if not top.exists():
        parser().error(f"there is nothing at {options.path}")
    try:
        chosen = choose(options, settings.read(top))
    except settings.WrongSettings as error:
        sys.stderr.write(f"stripe-scan: {error}\n")
        return WRONG
    if options.diff:
        return show_changes(top, chosen, lang)
    if options.fix:
        sys.stderr.write(rewrite(top, chosen, lang) + "\n")
    report = scan(top, chosen, progress(lang))
    put(written(report, options, lang))
    return 1 if report.findings else 0


def put(text: str) -> None:
    sys.stdout.write(text + "\n")


def show_changes(top: Path, chosen: Options, lang: str) -> int:
    """Print what --fix would change; return 1 where that is anything."""
    changes = list(fixing.rewritten(top, chosen))
    for change in changes:
        sys.stdout.write(fixing.diff(change))
    count = sum(change.count for change in changes)
    sys.stderr.write(say("would_fix", lang, count=count, places=len(changes)) + "\n")
    return 1 if changes else 0


def rewrite(top: Path, chosen: Options, lang: str) -> str:
    """Rewrite the files, and return how many places changed."""
    changes = list(fixing.rewritten(top, chosen))
    for change in changes:
        change.place.write_bytes(change.after)
    return say("fixed", lang, count=sum(change.count for change in changes), places=len(changes))


def _about_rules(options: argparse.Namespace, lang: str) -> str:
    if options.list_rules:
        return as_list(lang)
    if options.explain:
        return explained(options.explain, lang)
    return coverage(lang) if options.coverage else ""


def choose(options: argparse.Namespace, project: settings.Settings) -> Options:
    """Return what to report, from the command line and the project's settings. Raises WrongSettings."""
    select, skip = (_names(options.select), _names(options.skip))
    settings.check([*select, *skip])
    return Options(
        select=frozenset(select or project.select),
        skip=frozenset([*skip, *project.skip]),
        exclude=project.exclude,
        with_low=options.all,
    )


def _names(given: list[str]) -> list[str]:
    return [name.strip() for one in given for name in one.split(",") if name.strip()]


def written(report: Report, options: argparse.Namespace, lang: str) -> str:
    """Return the report in the form that was asked for."""
    if options.json:
        return as_json(report, lang)
    if options.sarif:
        return as_sarif(report, lang)
    if options.markdown:
        return as_markdown(report, Path(options.path).resolve().name, lang)
    return as_text(report, lang)


def progress(lang: str) -> Callable[[int], None]:
    """Return what is called for each file: it shows the count of a long run, on a terminal alone."""
    if not sys.stderr.isatty():
        return lambda count: None
    shown = time.monotonic()

    def show(count: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > PATIENCE:
            shown = time.monotonic()
            sys.stderr.write("\r" + say("files_read", lang, count=count) + "\r")
            sys.stderr.flush()

    return show


def known_rule(name: str) -> str:
    if name not in by_id():
        raise argparse.ArgumentTypeError(f"no such rule: {name}. --list-rules shows them all")
    return name


def parser() -> argparse.ArgumentParser:
    """Return the parser, which exits with 2 for an option that is wrong."""
    made = argparse.ArgumentParser(
        prog="stripe-scan",
        description="Find old Stripe code in a project. Nothing of the project is imported or run.",
        epilog="Exit code: 0 nothing found, 1 found, 2 wrong path or option. A comment `stripe-scan: ignore[RULE]` "
        "silences a line, [tool.stripe-scan] in the project's pyproject.toml has select, skip and exclude.",
    )
    made.add_argument("path", nargs="?", help="a folder, or one file")
    form = made.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="for programs")
    form.add_argument("--markdown", action="store_true", help="a checklist")
    form.add_argument("--sarif", action="store_true", help="SARIF 2.1.0, for code scanning")
    made.add_argument("--select", action="append", default=[], metavar="RULE,…", help="only these rules")
    made.add_argument("--skip", action="append", default=[], metavar="RULE,…", help="without these rules")
    made.add_argument("--all", action="store_true", help="also what is found with low confidence")
    made.add_argument("--fix", action="store_true", help="rewrite the patterns marked A, as stripe-python 16 has them")
    made.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    made.add_argument("--list-rules", action="store_true", help="the rules, and how each is changed: A, S or M")
    made.add_argument("--explain", metavar="RULE", type=known_rule, help="what a rule finds, and what to do")
    made.add_argument("--coverage", action="store_true", help="how much of real code the rules cover")
    return made
