"""The report for people: by the steps of the migration guide, with totals, effort and limits."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator

from stripe_scan.catalogue import by_id
from stripe_scan.findings import Finding, Report
from stripe_scan.output.texts import STEPS, labelled, link, of, say, step
from stripe_scan.output.wrapping import wrapped

# Places of one rule that are printed.
MOST_PLACES = 12


def as_text(report: Report, lang: str) -> str:
    """Return the whole report."""
    width = min(shutil.get_terminal_size((100, 20)).columns, 110)
    lines = [*_findings(report, lang, width), *_errors(report, lang), *_summary(report, lang, width)]
    return "\n".join(lines)


def by_step(findings: list[Finding]) -> Iterator[tuple[str, list[tuple[str, list[Finding]]]]]:
    """Yield each step that has findings, with its rules in the catalogue's order and their findings."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.rule, []).append(finding)
    for name in STEPS:
        rules = [(rule, grouped[rule]) for rule in by_id() if rule in grouped and by_id()[rule].step == name]
        if rules:
            yield name, rules


def _findings(report: Report, lang: str, width: int) -> Iterator[str]:
    for name, rules in by_step(report.findings):
        yield f"{step(name, lang)}"
        for rule, findings in rules:
            pattern = by_id()[rule]
            yield f"  {rule}  {of(pattern.title, lang).replace('`', '')}"
            for finding in findings[:MOST_PLACES]:
                yield f"    {finding.file}:{finding.line}" + (f"  {finding.detail}" if finding.detail else "")
            if len(findings) > MOST_PLACES:
                yield "    " + say("more", lang, count=len(findings) - MOST_PLACES)
            for label, text in (("today", pattern.today), ("becomes", pattern.becomes)):
                if text:
                    yield from wrapped(labelled(label, of(text, lang).replace("`", ""), lang), width, "      ")
        yield ""


def _errors(report: Report, lang: str) -> Iterator[str]:
    if report.errors:
        yield say("unread", lang)
        yield from (f"  {error.file}: {error.reason}" for error in report.errors)
        yield ""


def _summary(report: Report, lang: str, width: int) -> Iterator[str]:
    if not report.findings:
        yield say("nothing", lang, files=report.files)
    else:
        rules = {finding.rule for finding in report.findings}
        places = {finding.file for finding in report.findings}
        yield say(
            "found", lang, findings=len(report.findings), rules=len(rules), places=len(places), files=report.files
        )
        efforts = Counter(by_id()[finding.rule].auto or "none" for finding in report.findings)
        yield say("effort", lang, **{name: efforts[name] for name in ("A", "S", "M", "none")})
        yield say("explain", lang, link=link())
    yield from wrapped(say("unseen", lang), width)
