"""The sandbox answers what the real Stripe was recorded to answer: see `stage/recorded.py` for the form of a fact.

`STRIPE_RECORDED_API_BASE` and `STRIPE_RECORDED_SECRET_KEY` ask another server: the real Stripe with one's own test
keys, or a sandbox that runs elsewhere.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.stripe_sandbox.stage import recorded

pytestmark = pytest.mark.django_db(databases="__all__")

STORIES = recorded.stories()
FACTS = [step for steps in STORIES.values() for step in steps if "fact" in step]
IDS = {f"F{number:03}" for number in range(1, 192)}
# Facts that do not hold yet: one that holds has to leave this list.
NOT_YET: set[str] = set()


@pytest.mark.parametrize("name", STORIES)
def test_the_answers_are_as_recorded(name: str) -> None:
    steps = STORIES[name]
    expected = NOT_YET & {step.get("fact") for step in steps}

    differing = recorded.Telling(steps).run()

    assert {fact: words for fact, words in differing.items() if fact not in expected} == {}
    assert recorded.API_BASE or expected <= differing.keys()


def test_each_recorded_fact_is_there_once() -> None:
    assert sorted(step["fact"] for step in FACTS) == sorted(IDS)


def test_each_fact_compares_something() -> None:
    assert [step["fact"] for step in FACTS if not {"error", "body", "keys", "answers"} & step.keys()] == []


def test_what_is_declined_has_a_reason() -> None:
    whole = [step["declined_whole"] for step in FACTS if "declined_whole" in step]
    reasons = whole + [reason for step in FACTS for reason in step.get("declined", {}).values()]

    assert reasons
    assert [reason for reason in reasons if len(reason.split()) < 8] == []


@pytest.mark.parametrize(
    ("got", "expected", "fits"),
    [
        (None, "<null>", True),
        ("", "<null>", False),
        (1, "<int>", True),
        (True, "<int>", False),
        (86400, "<midnight UTC>", True),
        (86401, "<midnight UTC>", False),
        ("ch_1", "<ch_…>", True),
        ("pi_1", "<ch_…>", False),
        (None, "<present>", False),
        ({"a": None}, {"a": "<null>"}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        (0, False, False),
    ],
)
def test_a_value_is_compared_by_its_kind(got: Any, expected: Any, fits: bool) -> None:
    assert recorded.fits(got, expected) is fits


def test_a_missing_field_a_wrong_status_and_a_declined_field_that_holds_are_differences() -> None:
    step = {"status": 400, "body": {"a.b": 1, "c": 2}, "keys": {"": "c d"}, "declined": {"c": "why"}}

    assert recorded.compare(step, 200, {"c": 2}, {}) == [
        "c: declined, and yet it holds",
        "HTTP status: 200 instead of 400",
        "a.b: nothing instead of 1",
        'keys: ["c"] instead of ["c", "d"]',
    ]
