"""What the rules of `keys` find, and what they leave alone."""

from __future__ import annotations

import pytest

from stripe_scan.rules.keys import SECRET, keys_in, masked
from tests.stripe_scan.stage.cases import Case, cases


@pytest.mark.parametrize("case", cases("keys"), ids=str)
def test_each_finds_its_lines_and_leaves_near_misses_alone(case: Case) -> None:
    assert case.found() == case.lines


def test_a_key_is_shown_masked() -> None:
    assert masked("sk_live_4eC39HqLyjWDarjtT1zdp7dc") == "sk_live_…p7dc"
    assert masked("whsec_4eC39HqLyjWDarjtT1zdp7dc") == "whsec_…p7dc"


def test_each_key_of_a_text_is_found_with_its_place() -> None:
    text = "sk_test_4eC39HqLyjWDarjtT1zdp7dc;sk_test_;sk_test_9eC39HqLyjWDarjtT1zdp7d9"

    assert [place for place, _key in keys_in(text, SECRET)] == [0, 42]
