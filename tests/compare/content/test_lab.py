"""A scenario of the lab has an address, and an outcome on each rung that can meet it."""

from __future__ import annotations

import pytest

from compare.content import content


def test_a_scenario_has_an_outcome_on_each_of_its_rungs_and_on_no_other() -> None:
    scenario = content().lab.scenario("konbini-later")

    assert scenario.url == "/compare/lab/konbini-later/"
    assert [scenario.outcome_on(rung).rung for rung in scenario.rungs] == list(scenario.rungs)
    with pytest.raises(StopIteration):
        scenario.outcome_on("legacy-1")
