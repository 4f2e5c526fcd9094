"""`manage.py lab`: a table for each scenario, and exit code 1 where an outcome is another than the documented one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from compare.apart.process import Died, Process
from compare.management.commands import lab
from tests.compare.stage.lab import results_of


class Apart:
    """A process that has answered before."""

    asked: list[dict[str, Any]] = []
    changes: dict[str, dict[str, Any]] = {}
    dies = False

    def __init__(self, work: str) -> None:
        assert work == "compare.lab.work:run"

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *error: object) -> None:
        """There is nothing to end."""

    def ask(self, **errand: Any) -> Iterator[dict[str, Any]]:
        if self.dies:
            raise Died
        self.asked.append(errand)
        for result in results_of(errand["scenario"], errand["rungs"]):
            yield result | self.changes.get(result["rung"], {})


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> type[Apart]:
    monkeypatch.setattr(Apart, "asked", [])
    monkeypatch.setattr(Apart, "changes", {})
    monkeypatch.setattr(lab, "Process", Apart)
    return Apart


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("lab", *arguments, stdout=output)
    return output.getvalue()


def test_a_scenario_is_really_run_and_its_outcome_printed(apart: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab, "Process", lambda work: nullcontext(apart))

    output = run("amount-changed", "--rung", "modern-1")

    assert "The amount in the form is changed" in output
    assert "modern-1" in output
    assert "¥30,000" in output
    assert "ok right" in output


def test_an_outcome_that_is_not_the_documented_one_fails(answers: type[Apart]) -> None:
    assert "lost" in run("tab-closed")

    answers.changes["modern-1"] = {"verdict": "right"}
    output = StringIO()
    with pytest.raises(CommandError, match="not the documented ones: 1"):
        call_command("lab", "tab-closed", stdout=output)
    assert "modern-1 differs; documented is: nothing, ¥30,000, nothing, 0, never, !! lost" in output.getvalue()


@pytest.mark.parametrize(
    ("arguments", "rungs"),
    [
        ([], ["legacy-1", "legacy-5", "modern-1", "modern-6"]),
        (["--flow", "modern"], ["modern-1", "modern-6"]),
        (["--rung", "modern-4"], ["modern-4"]),
        (["--rung", "all", "--flow", "legacy"], ["legacy-1", "legacy-2", "legacy-3", "legacy-4", "legacy-5"]),
    ],
)
def test_flow_and_rung_choose_the_shops(answers: type[Apart], arguments: list[str], rungs: list[str]) -> None:
    run("tab-closed", *arguments)

    assert [errand["rungs"] for errand in answers.asked] == [rungs]


def test_without_a_name_all_scenarios_are_run(answers: type[Apart]) -> None:
    run("--rung", "legacy-1")

    assert {errand["scenario"] for errand in answers.asked} >= {"tab-closed", "dispute"}
    assert "konbini-later" not in {errand["scenario"] for errand in answers.asked}  # which no legacy shop can meet


def test_what_cannot_be_run_is_refused(answers: type[Apart], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="No such shop can meet this scenario"):
        run("konbini-later", "--flow", "legacy")

    answers.dies = True
    with pytest.raises(CommandError, match="dispute could not be run: Died"):
        run("dispute")
    answers.dies = False

    monkeypatch.setattr(lab, "is_possible", lambda: False)
    with pytest.raises(CommandError, match="needs the sandbox"):
        run()
