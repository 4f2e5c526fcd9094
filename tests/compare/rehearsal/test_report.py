"""A report is good when nothing is left, survives JSON, and is text in both languages."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest
from django.utils import translation

from compare.rehearsal.report import CHECKS, TROUBLES, Balance, Report, Stage

CAME = [
    {"stage": 0, "visitor": "a", "flow": "legacy", "saw": "receipt", "error": ""},
    {"stage": 3, "visitor": "b", "flow": "modern", "saw": "closed", "error": ""},
    {
        "stage": 3,
        "visitor": "c",
        "flow": "modern",
        "saw": "error",
        "error": "modern: 502 Stripe answered with an error",
    },
]
CLOSED = {
    "payments": [
        {"visitor": "a", "flow": "legacy", "status": "failed"},
        {"visitor": "a", "flow": "legacy", "status": "refunded"},
        {"visitor": "b", "flow": "modern", "status": "paid"},
    ],
    "repaired": 1,
    "books": [{"flow": "modern", "currency": "jpy", "ours": 2000, "stripes": 2000}],
    "balance": [{"currency": "jpy", "ours": 2000, "stripes": 2000}],
    "checks": dict.fromkeys(CHECKS.keys() - {"misplaced", "errors"}, 0),
    "complaints": [],
}


def report() -> Report:
    about = {"seed": 1, "processes": 2, "database": "SQLite", "seconds": 3.5}
    return Report.of(CAME, CLOSED, events=Counter(lost=2), calls=Counter(timeout_after=1), misplaced=0, **about)


def test_it_counts_by_share_and_keeps_what_was_wrong() -> None:
    found = report()

    assert found.stages[0] == Stage(share=0, visitors=1, legacy=1, modern=0, paid=1, unpaid=1)
    assert found.stages[3] == Stage(share=100, visitors=2, legacy=0, modern=2, paid=1, unpaid=0)
    assert {name: count for name, count in found.troubles.items() if count} == {
        "lost": 2,
        "timeout_after": 1,
        "closed": 1,
    }
    assert found.checks.keys() == CHECKS.keys()
    assert found.complaints == ["modern: 502 Stripe answered with an error"]
    assert not found.is_good


@pytest.mark.parametrize("name", CHECKS)
def test_it_is_good_only_with_every_check_at_zero_and_both_sums_equal(name: str) -> None:
    good = replace(report(), checks=dict.fromkeys(CHECKS, 0))

    assert good.is_good
    assert not replace(good, checks=good.checks | {name: 1}).is_good
    assert not replace(good, books=[Balance("jpy", 2000, 1999, "legacy")]).is_good
    assert not replace(good, balance=[Balance("jpy", 1999, 2000)]).is_good


def test_it_is_read_from_what_json_kept() -> None:
    found = report()

    assert Report.read(json.loads(json.dumps(found.data))) == found


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["webhooks that never arrived: 2", "account balance jpy	¥2,000	¥2,000	¥0"]),
        ("ja", ["届かなかった Webhook：2", "￥2,000"]),
    ],
)
def test_the_text_says_all_of_it(language: str, words: list[str]) -> None:
    with translation.override(language):
        text = report().text

    assert all(word in text for word in words)
    assert "100 %	2	0	2	1	0" in text
    assert "modern: 502 Stripe answered with an error" in text
    assert len(TROUBLES) == 11
