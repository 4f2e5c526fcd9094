"""What the rules of `webhooks` find, and what they leave alone."""

from __future__ import annotations

import pytest

from tests.stripe_scan.stage.cases import Case, cases


@pytest.mark.parametrize("case", cases("webhooks"), ids=str)
def test_each_finds_its_lines_and_leaves_near_misses_alone(case: Case) -> None:
    assert case.found() == case.lines
