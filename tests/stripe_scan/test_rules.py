"""The rules as a whole: each is an entry of the catalogue, and each entry has a rule with cases that show it."""

from __future__ import annotations

from stripe_scan import rules
from stripe_scan.catalogue import by_id
from tests.stripe_scan.stage.cases import FOLDER, cases


def test_each_rule_has_an_entry_and_each_entry_a_rule() -> None:
    rules.load()

    assert by_id().keys() - rules.FOUND == set()
    assert rules.FOUND - by_id().keys() == set()


def test_each_rule_is_shown_to_find_something_and_to_leave_something_alone() -> None:
    every = [case for file in FOLDER.glob("*.txt") for case in cases(file.stem)]
    # Shown by a test of its own, or by what --all adds.
    others = {"charge-no-webhook"}
    low = {"charge-customer", "balance-fee"}

    assert by_id().keys() - {case.rule for case in every if case.lines} == others | low
    assert by_id().keys() - {case.rule for case in every if not case.lines} == others


def test_a_rule_is_registered_for_its_kind_of_file() -> None:
    kinds = {"python", "page", "script", "style", "requirements", "other", "project"}

    assert rules.BY_KIND.keys() == kinds
    assert all(rules.BY_KIND.values())
