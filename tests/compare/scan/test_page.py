"""As much as fits is shown, and how many more there are."""

from __future__ import annotations

from compare.scan.page import FOR_PLACES, LONGEST_DETAIL, MOST_PLACES, MOST_UNREAD, Room, steps, unread
from stripe_scan.archives import LONGEST_NAME
from stripe_scan.findings import Finding, Report, Unread


def found(count: int, rule: str = "charge-create", file: str = "views.py") -> list[Finding]:
    return [Finding(file, line, rule) for line in range(1, count + 1)]


def test_findings_come_by_step_and_rule() -> None:
    report = Report(found(1, "refund-by-charge") + found(2) + found(1, "hardcoded-key"))

    shown = [(step, [rule.pattern.id for rule in rules]) for step, rules in steps(report)]

    assert shown == [
        ("take-stock", ["hardcoded-key"]),
        ("modern", ["charge-create"]),
        ("refunds", ["refund-by-charge"]),
    ]


def test_of_many_places_the_first_are_shown_and_the_others_counted() -> None:
    [(_step, [rule])] = steps(Report(found(MOST_PLACES + 30)))

    assert [place.line for place in rule.places] == list(range(1, MOST_PLACES + 1))
    assert rule.more == 30


def test_long_names_use_up_the_room_and_every_rule_is_still_named() -> None:
    rules = ("hardcoded-key", "charge-create", "refund-by-charge", "token-post", "email-post", "sdk-pin", "card-alias")
    name = "決" * 5_000
    report = Report([finding for rule in rules for finding in found(MOST_PLACES, rule, name)])

    shown = [rule for _step, each in steps(report) for rule in each]

    assert {rule.pattern.id for rule in shown} == set(rules)
    assert all(len(place.file) == LONGEST_NAME for rule in shown for place in rule.places)
    assert sum(len(place.file.encode()) for rule in shown for place in rule.places) < FOR_PLACES
    assert sum(len(rule.places) + rule.more for rule in shown) == len(report.findings)


def test_a_long_detail_is_cut() -> None:
    [(_step, [rule])] = steps(Report([Finding("requirements.txt", 1, "sdk-pin", detail="stripe==" + "1" * 300)]))

    assert len(rule.places[0].detail) == LONGEST_DETAIL


def test_signs_that_html_writes_longer_take_more_room() -> None:
    assert Room(200).takes("a" * 100)
    assert not Room(200).takes("'" * 100)
    full = Room(200)
    assert not full.takes("a" * 1_000)
    assert not full.takes("a")


def test_unread_files_are_named_with_the_reason_and_few_of_them() -> None:
    report = Report(errors=[Unread(f"{number}.py", "damaged") for number in range(MOST_UNREAD + 5)])
    report.errors[0] = Unread("a.py", "Permission denied")

    shown = list(unread(report))

    assert len(shown) == MOST_UNREAD
    assert (shown[0][0].file, str(shown[0][1])) == ("a.py", "Permission denied")
    assert str(shown[1][1]) == "damaged"
