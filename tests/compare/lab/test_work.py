"""Every scenario, on every rung of the ladder, has the outcome that `lab.toml` documents, and no other."""

from __future__ import annotations

import pytest

from compare.apart.process import Process
from compare.content import content
from compare.content.lab import Outcome, Scenario
from compare.lab.results import outcome_of

# Each play of a kind once, where it is most likely to go wrong; `--all` runs the rest.
SAMPLE = {
    ("tab-closed", "modern-1"), ("tab-closed", "modern-6"), ("double-click", "legacy-1"), ("double-click", "legacy-5"),
    ("webhook-first", "legacy-5"), ("wrong-secret", "modern-6"), ("tampered-with", "modern-4"),
    ("answer-lost", "legacy-3"), ("server-dies", "legacy-1"), ("server-dies", "modern-6"),
    ("times-a-hundred", "modern-6"), ("konbini-later", "modern-1"), ("dispute", "legacy-5"),
    ("refund-after-the-flip", "modern-6"), ("card-tokens-ended", "legacy-5"),
}  # fmt: skip
CELLS = [(scenario, outcome) for scenario in content().lab.scenarios for outcome in scenario.outcomes]


def cell(scenario: Scenario, outcome: Outcome) -> object:
    is_sample = (scenario.id, outcome.rung) in SAMPLE
    return pytest.param(
        scenario, outcome, id=f"{scenario.id}-{outcome.rung}", marks=() if is_sample else pytest.mark.whole
    )


@pytest.mark.parametrize(("scenario", "outcome"), [cell(*each) for each in CELLS])
def test_a_run_has_its_documented_outcome(apart: Process, scenario: Scenario, outcome: Outcome) -> None:
    (result,) = apart.ask(scenario=scenario.id, rungs=[outcome.rung])

    assert outcome_of(result) == outcome
    assert result["messages"]


def test_the_sample_is_of_the_matrix_and_each_scenario_is_run_where_it_can_be_met() -> None:
    ladder, lab = content().ladder, content().lab
    flows = {scenario.id: [scenario.flow] if scenario.flow else ["legacy", "modern"] for scenario in lab.scenarios}

    assert {(scenario.id, outcome.rung) for scenario, outcome in CELLS} > SAMPLE
    assert {scenario.id: list(scenario.rungs) for scenario in lab.scenarios} == {
        name: [rung.id for flow in flows[name] for rung in ladder.rungs_of(flow)] for name in flows
    }


def test_nothing_secret_is_in_a_result(apart: Process) -> None:
    results = list(apart.ask(scenario="declined-then-paid", rungs=["legacy-1", "legacy-5", "modern-6"], language="ja"))

    written = str(results)
    assert "お支払いが完了しました" in written  # in the language that was asked for
    for secret in ("sk_test_", "whsec_", "4242424242424242", "4000000000000002", "hanako@"):
        assert secret not in written.replace("sk_test_•••", "")
