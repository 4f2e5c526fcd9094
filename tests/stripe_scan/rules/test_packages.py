"""What the rules of `packages` find, and what they leave alone."""

from __future__ import annotations

import pytest

from stripe_scan.rules.packages import newest_major
from tests.stripe_scan.stage.cases import Case, cases


@pytest.mark.parametrize("case", cases("packages"), ids=str)
def test_each_finds_its_lines_and_leaves_near_misses_alone(case: Case) -> None:
    assert case.found() == case.lines


@pytest.mark.parametrize(
    ("versions", "major"),
    [
        ("==2.42.0", 2),
        (">=2,<3", 2),
        (">=2.1, <3.1", 3),
        ("<=3.0", 3),
        ("~=5.4", 5),
        ("^16.1", 16),
        (">=2", None),
        ("", None),
        ("!=3.0", None),
        ("==" + "9" * 5000, None),
        ("===nonsense", None),
    ],
)
def test_a_condition_allows_releases_up_to_a_major_one(versions: str, major: int | None) -> None:
    assert newest_major(versions) == major
