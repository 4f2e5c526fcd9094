"""The findings of a scan as a page shows them: as many as fit into its size, and how many more there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.functional import Promise

from compare.scan.texts import UNREAD
from stripe_scan.archives import shortened
from stripe_scan.catalogue import by_id
from stripe_scan.catalogue.entries import Pattern
from stripe_scan.findings import Finding, Report, Unread
from stripe_scan.output.people import by_step

# Bytes of HTML for the places of all rules, and for what their code becomes. A page has less than 100 kB.
FOR_PLACES, FOR_TEXTS = 24_000, 14_000
# What the markup of a place, or of a text, takes besides its words.
MARKUP = 70
# Places of one rule, and files that were not read.
MOST_PLACES = 12
MOST_UNREAD = 12
LONGEST_DETAIL = 60


@dataclass
class Rule:
    """An entry of the catalogue with the places where it was found; `more` are not shown."""

    pattern: Pattern
    places: list[Finding] = field(default_factory=list)
    more: int = 0
    with_text: bool = False


@dataclass
class Room:
    """Bytes that are left of the page."""

    left: int

    def takes(self, *texts: str) -> bool:
        """Return whether these texts still fit, and keep their room; the first that does not closes the room."""
        # The longest that a letter becomes in HTML is &quot;
        size = MARKUP + sum(max(len(text.encode()), len(text) + 5 * sum(map(text.count, "&<>'\""))) for text in texts)
        self.left = self.left - size if size <= self.left else 0
        return bool(self.left)


def steps(report: Report) -> list[tuple[str, list[Rule]]]:
    """Return the findings by the steps of the guide and by rule."""
    for_places, for_texts = Room(FOR_PLACES), Room(FOR_TEXTS)
    return [
        (step, [_rule(name, findings, for_places, for_texts) for name, findings in rules])
        for step, rules in by_step(report.findings)
    ]


def _rule(name: str, findings: list[Finding], for_places: Room, for_texts: Room) -> Rule:
    rule = Rule(by_id()[name])
    for one in findings[:MOST_PLACES]:
        shown = Finding(shortened(one.file), one.line, one.rule, one.confidence, one.detail[:LONGEST_DETAIL])
        if not for_places.takes(shown.file, shown.detail):
            break
        rule.places.append(shown)
    rule.more = len(findings) - len(rule.places)
    if becomes := rule.pattern.becomes:
        rule.with_text = for_texts.takes(max(becomes.en, becomes.ja, key=lambda text: len(text.encode())))
    return rule


def unread(report: Report) -> Iterator[tuple[Unread, str | Promise]]:
    """Yield the first files that were not read, with the reason in the active language."""
    for one in report.errors[:MOST_UNREAD]:
        yield Unread(shortened(one.file), one.reason), UNREAD.get(one.reason, one.reason)
