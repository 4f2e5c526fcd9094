"""The rules, listed, explained and measured."""

from __future__ import annotations

import pytest

from stripe_scan.catalogue import by_id, patterns
from stripe_scan.output import rules


def test_the_list_has_a_line_for_each_rule() -> None:
    lines = rules.as_list("en").splitlines()

    assert [line.split()[0] for line in lines] == [pattern.id for pattern in patterns()]


@pytest.mark.parametrize("rule", [pattern.id for pattern in patterns()])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_each_rule_is_explained(rule: str, lang: str) -> None:
    said = rules.explained(rule, lang)

    assert rule in said
    assert by_id()[rule].looks_like.splitlines()[0] in said


def test_coverage_is_weighted_by_repositories() -> None:
    said = rules.coverage("en")

    assert f"{rules.share(list(patterns())):.2f}  all {len(patterns())} patterns" in said
    assert rules.share([]) == 1.0


def test_a_pattern_without_a_rule_is_not_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules.rules, "FOUND", set())

    assert rules.share(list(patterns())) == 0.0
