"""Ids look as Stripe's do."""

from __future__ import annotations

import re

import pytest

from stripe_sandbox import ids


@pytest.mark.parametrize(
    ("prefix", "generation", "pattern"),
    [
        ("cus", "1", r"cus_[A-Za-z0-9]{14}"),
        ("prod", "1", r"prod_[A-Za-z0-9]{14}"),
        ("req", "1", r"req_[A-Za-z0-9]{14}"),
        ("cs_test", "1", r"cs_test_a1[A-Za-z0-9]{56}"),
        ("tok", "1", r"tok_1[A-Za-z0-9]{23}"),
        ("pi", "3", r"pi_3[A-Za-z0-9]{23}"),
    ],
)
def test_an_id_has_its_prefix_length_and_alphabet(prefix: str, generation: str, pattern: str) -> None:
    assert re.fullmatch(pattern, ids.new(prefix, generation=generation))


def test_no_two_are_the_same() -> None:
    assert len({ids.new("ch") for _ in range(1000)}) == 1000


def test_what_comes_of_a_payment_shares_its_first_part() -> None:
    intent = ids.new("pi", generation="3")

    charge = ids.sibling(intent, "ch")

    assert charge[:3] == "ch_"
    assert charge[3:19] == intent[3:19]
    assert charge[19:] != intent[19:]
    assert len(charge) == len(intent)


def test_digits_keep_their_zeros_in_front() -> None:
    found = {ids.digits(2) for _ in range(2000)}

    assert {len(text) for text in found} == {2}
    assert "07" in found
