"""What the rules of `project` find, in one file and in several."""

from __future__ import annotations

from pathlib import Path

import pytest

from stripe_scan.scanning import Options, scan
from tests.stripe_scan.stage.cases import Case, cases

CHARGE = "import stripe\nstripe.Charge.create(amount=1, currency='jpy', source=token)\n"
WEBHOOK = "import stripe\ndef stripe_webhook(request):\n    stripe.Webhook.construct_event(body, header, secret)\n"


@pytest.mark.parametrize("case", cases("project"), ids=str)
def test_each_finds_its_lines_and_leaves_near_misses_alone(case: Case) -> None:
    assert case.found() == case.lines


def found(folder: Path) -> list[tuple[str, int]]:
    report = scan(folder, Options(select=frozenset({"charge-no-webhook"})))
    return [(one.file, one.line) for one in report.findings]


def test_charges_without_a_webhook_are_one_finding_at_the_first_charge(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text(CHARGE)
    (tmp_path / "a.py").write_text(CHARGE)

    assert found(tmp_path) == [("a.py", 2)]


@pytest.mark.parametrize(
    "other", [WEBHOOK, "import stripe\nstripe.Event.retrieve(event_id)\n", "import djstripe # stripe"]
)
def test_a_webhook_in_another_file_is_one(tmp_path: Path, other: str) -> None:
    (tmp_path / "a.py").write_text(CHARGE)
    (tmp_path / "b.py").write_text(other)

    assert found(tmp_path) == []


def test_a_comment_silences_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CHARGE.rstrip() + "  # stripe-scan: ignore[charge-no-webhook]\n")

    assert found(tmp_path) == []


def test_a_charge_in_a_test_is_none_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "test_pay.py").write_text(CHARGE)

    assert found(tmp_path) == []
