"""The verdict on a run: the worst that can be said of it."""

from __future__ import annotations

import pytest

from compare.content import content
from compare.lab.run import DISPUTED, NOTHING, PAID, REFUNDED, verdict

PRICE = [30000]


@pytest.mark.parametrize(
    ("wanted", "took", "books", "delivered", "more", "said"),
    [
        (PAID, PRICE, PRICE, 1, {}, "right"),
        (PAID, [], [], 0, {}, "unpaid"),
        (NOTHING, [], [], 0, {}, "right"),
        (NOTHING, [], PRICE, 1, {}, "given"),
        (PAID, PRICE, PRICE, 2, {}, "given"),
        (PAID, PRICE, [], 0, {}, "lost"),
        (PAID, PRICE * 2, PRICE * 2, 2, {}, "twice"),
        (PAID, PRICE, PRICE, 1, {"is_early": True}, "early"),
        (PAID, [3000000], PRICE, 1, {}, "overcharged"),
        (PAID, [3000000], [3000000], 1, {}, "overcharged"),
        (PAID, [3000000], [], 0, {"is_noted": True}, "held"),
        (REFUNDED, [29500], [29500], 1, {}, "right"),
        (REFUNDED, [29500], PRICE, 1, {}, "unnoticed"),
        (DISPUTED, PRICE, PRICE, 1, {"is_disputed": True}, "right"),
        (DISPUTED, PRICE, PRICE, 1, {}, "unnoticed"),
    ],
)
def test_the_verdict_is_the_worst_of_what_happened(
    wanted: str, took: list[int], books: list[int], delivered: int, more: dict[str, bool], said: str
) -> None:
    assert verdict(wanted, "board", took, books, delivered, **more) == said


def test_an_error_page_misleads_only_who_has_paid() -> None:
    assert verdict(PAID, "error", PRICE, PRICE, 1) == "misled"
    assert verdict(NOTHING, "error", [], [], 0) == "right"


def test_every_verdict_is_documented_somewhere() -> None:
    said = {outcome.verdict for scenario in content().lab.scenarios for outcome in scenario.outcomes}

    assert said == set(content().labels.lab_verdicts.__struct_fields__)
