"""What holds for every case of every rule: its fix is whole and the last, each report has it, no byte ends a run.

The cases are looped over within a test: they are hundreds, and a test of its own takes longer than its scan.
"""

from __future__ import annotations

import ast
import contextlib
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from stripe_scan import files, fixing
from stripe_scan.catalogue import by_id
from stripe_scan.findings import Finding, Report
from stripe_scan.output.checklist import as_markdown
from stripe_scan.output.machine import as_json, as_sarif
from stripe_scan.output.people import as_text
from stripe_scan.rules.project import Project
from stripe_scan.scanning import Options, hits_in, scan_texts
from tests.stripe_scan.stage.cases import FOLDER, Case, cases

ALL = [case for path in sorted(FOLDER.glob("*.txt")) for case in cases(path.stem)]
FOUND = [case for case in ALL if case.lines]
FIXABLE = [case for case in FOUND if by_id()[case.rule].auto == "A"]
KEYS = ("sk_live_51HxYzAbCdEfGhIjKlMn", "pk_test_51HxYzAbCdEfGhIjKlMn")


def source(case: Case) -> files.Source:
    return files.Source(Path(case.path), case.path, files.kinds(case.path) or ("page",))


def fixed(case: Case, data: bytes, options: Options | None = None) -> tuple[bytes, int]:
    return fixing.fixed(source(case), data, options or Options())


def rules_in(case: Case, data: bytes) -> set[str]:
    return {hit.rule for hit in hits_in(source(case), data, Project())}


def report_of(case: Case, options: Options) -> Report:
    return scan_texts({f"shop/{case.path}": case.text.encode()}, options)


# --- Fixes ------------------------------------------------------------------------------------------------


def test_a_fix_is_the_last_and_counts_what_it_changes() -> None:
    wrong = []
    for case in ALL:
        once, count = fixed(case, case.text.encode())
        if fixed(case, once) != (once, 0) or (count == 0) != (once == case.text.encode()):
            wrong.append(str(case))

    assert wrong == []


def test_what_was_fixed_is_still_python() -> None:
    changed = 0
    for case in ALL:
        once, count = fixed(case, case.text.encode())
        if case.path.endswith(".py") and count:
            changed += 1
            ast.parse(once)

    assert changed > 20


def test_a_fix_leaves_the_lines_alone_that_no_rule_found() -> None:
    wrong = []
    for case in ALL:
        once, _count = fixed(case, case.text.encode())
        before, after = case.text.split("\n"), once.decode().split("\n")
        if len(before) == len(after):
            changed = {number for number, line in enumerate(before) if line != after[number]}
            near = {
                hit.line - 1 + by for hit in hits_in(source(case), case.text.encode(), Project()) for by in (-1, 0, 1)
            }
            wrong += [str(case)] if changed - near else []

    assert wrong == []


def test_a_fix_of_one_rule_brings_no_finding_of_another() -> None:
    wrong = []
    for case in FIXABLE:
        data = case.text.encode()
        once, _count = fixed(case, data, Options(select=frozenset({case.rule})))
        wrong += [(str(case), found)] if (found := rules_in(case, once) - rules_in(case, data)) else []

    assert wrong == []


def test_rules_that_are_shown_or_decided_by_people_are_not_fixed() -> None:
    others = frozenset(rule for rule, pattern in by_id().items() if pattern.auto != "A")

    changed = {case.rule for case in ALL if fixed(case, case.text.encode(), Options(select=others))[1]}

    assert changed <= {"str-error-shown", "error-private-attr", "construct-from", "bitcoin-option"}


# --- Reports ----------------------------------------------------------------------------------------------


def first(case: Case, report: Report) -> Finding:
    return next(one for one in report.findings if one.rule == case.rule)


def test_people_and_checklist_have_every_place() -> None:
    wrong = []
    for case in FOUND:
        report = report_of(case, Options(with_low=True))
        place = f"shop/{case.path}:{first(case, report).line}"
        shown = [as_text(report, "en"), as_text(report, "ja"), as_markdown(report, "shop", "ja")]
        wrong += [] if all(place in text for text in shown) else [str(case)]

    assert wrong == []


def test_programs_get_every_place_and_where_to_read_on() -> None:
    wrong = []
    for case in FOUND:
        report = report_of(case, Options(with_low=True))
        one = first(case, report)
        found = [row for row in json.loads(as_json(report, "en"))["findings"] if row["rule"] == case.rule]
        run = json.loads(as_sarif(report, "en"))["runs"][0]
        result = next(row for row in run["results"] if row["ruleId"] == case.rule)
        seen = (
            found[0]["file"],
            found[0]["line"],
            found[0]["link"].endswith(f"/compare/old-code/{case.rule}/"),
            run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"],
            result["locations"][0]["physicalLocation"]["region"]["startLine"],
        )
        wrong += [] if seen == (one.file, one.line, True, case.rule, one.line) else [str(case)]

    assert wrong == []


@pytest.mark.parametrize("write", [as_text, as_json, as_sarif], ids=["people", "JSON", "SARIF"])
def test_no_form_of_the_report_has_a_whole_key(write: Callable[[Report, str], str]) -> None:
    code = "".join(f"KEY_{number} = '{key}'  # stripe\n" for number, key in enumerate(KEYS))
    report = scan_texts({"settings.py": code.encode(), "pay.html": code.encode(), "pay.js": code.encode()}, Options())

    assert "hardcoded-key" in {one.rule for one in report.findings}
    assert [key for key in KEYS if key in write(report, "en")] == []


# --- Runs -------------------------------------------------------------------------------------------------


def test_no_byte_that_is_lost_or_changed_ends_a_run() -> None:
    chance = random.Random(20261127)
    for case in ALL:
        data = case.text.encode()
        place = chance.randrange(len(data))
        for spoiled in (data[:place], data[:place] + data[place + 1 :], data[:place] + bytes([chance.randrange(256)])):
            with contextlib.suppress(files.Unreadable):
                hits_in(source(case), b"stripe " + spoiled, Project())


def test_a_rule_that_is_skipped_is_silent_and_one_that_is_chosen_is_alone() -> None:
    wrong = []
    for case in FOUND:
        without = report_of(case, Options(skip=frozenset({case.rule}), with_low=True))
        alone = report_of(case, Options(select=frozenset({case.rule}), with_low=True))
        is_silent = case.rule not in {one.rule for one in without.findings}
        wrong += [] if is_silent and {one.rule for one in alone.findings} == {case.rule} else [str(case)]

    assert wrong == []


def test_every_line_is_one_of_the_file() -> None:
    wrong = [
        str(case)
        for case in FOUND
        for hit in hits_in(source(case), case.text.encode(), Project())
        if not 1 <= hit.line <= case.text.count("\n")
    ]

    assert wrong == []


def test_a_file_says_the_same_twice_and_in_any_company() -> None:
    texts = {f"{number}/{case.path}": case.text.encode() for number, case in enumerate(FOUND)}
    together = scan_texts(texts, Options(with_low=True)).findings
    alone = [
        Finding(path, hit.line, hit.rule, hit.confidence, hit.detail)
        for path, data in texts.items()
        for hit in hits_in(files.Source(Path(path), path, files.kinds(path)), data, Project())
    ]

    assert [one for one in together if one.rule != "charge-no-webhook"] == sorted(alone)


def test_every_rule_has_a_case_and_a_near_miss() -> None:
    whole_project = {"charge-no-webhook"}  # has tests of its own, of several files
    low = {"balance-fee", "charge-customer"}  # nothing that has to change: found with --all alone

    assert by_id().keys() - {case.rule for case in ALL if not case.lines} == whole_project
    assert by_id().keys() - {case.rule for case in FOUND} == whole_project | low
