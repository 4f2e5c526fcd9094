"""What the rules that are data find, and what they leave alone."""

from __future__ import annotations

import pytest

from stripe_scan.catalogue import patterns
from stripe_scan.findings import CONFIDENCES
from stripe_scan.rules import data
from tests.stripe_scan.stage.cases import Case, cases


@pytest.mark.parametrize("case", cases("data"), ids=str)
def test_each_finds_its_lines_and_leaves_near_misses_alone(case: Case) -> None:
    assert case.found() == case.lines


def test_each_table_has_known_keys_and_finds_something() -> None:
    tables = {pattern.id: pattern.match for pattern in patterns() if pattern.match}

    assert len(tables) > 8
    assert {key for match in tables.values() for key in match} <= set(data.KEYS)
    assert set(data.SURE.values()) <= set(CONFIDENCES)
    listed = data.ids(data.CALLS, data.NAMES, data.MODULES, data.PACKAGES, data.METHODS)
    assert set(listed) == set(tables)
