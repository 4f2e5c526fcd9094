"""The report for people."""

from __future__ import annotations

import pytest

from stripe_scan.findings import Finding, Report, Unread
from stripe_scan.output.people import MOST_PLACES, as_text, by_step
from stripe_scan.output.texts import STEPS, step

FINDINGS = [
    Finding("a.py", 3, "charge-create"),
    Finding("a.py", 9, "charge-create"),
    Finding("b.txt", 1, "sdk-pin", detail="stripe==2.0"),
]


def test_findings_are_in_the_order_of_the_guide() -> None:
    names = [name for name, _rules in by_step(FINDINGS)]

    assert names == [name for name in STEPS if name in ("raise-sdk", "modern")]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_it_has_places_totals_limits_and_what_was_not_read(lang: str) -> None:
    said = as_text(Report(FINDINGS, [Unread("c.js", "not a text")], files=7), lang)

    assert "    a.py:3\n    a.py:9\n" in said
    assert "b.txt:1  stripe==2.0" in said
    assert "c.js: not a text" in said
    assert step("modern", lang) in said
    assert "--explain" in said
    assert "--all" in said


def test_many_places_are_shortened() -> None:
    findings = [Finding("a.py", line, "plan") for line in range(1, 30)]

    said = as_text(Report(findings), "en")

    assert said.count("a.py:") == MOST_PLACES
    assert f"… {29 - MOST_PLACES} more" in said
