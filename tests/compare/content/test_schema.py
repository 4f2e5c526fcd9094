"""Each entry is under the heading that it names, in the order of its file."""

from __future__ import annotations

from compare.content import content


def test_every_milestone_is_in_its_era() -> None:
    overview = content().overview
    grouped = {era.id: overview.milestones_of(era) for era in overview.eras}

    assert sum(len(each) for each in grouped.values()) == len(overview.milestones)
    assert all(milestone.era == era for era, each in grouped.items() for milestone in each)


def test_every_arrow_is_in_one_phase_of_its_flow_in_the_order_of_the_file() -> None:
    flows = content().flows
    drawn = [arrow for flow in ("legacy", "modern") for phase in flows.phases for arrow in flows.arrows_in(phase, flow)]

    assert sorted(drawn, key=flows.arrows.index) == list(flows.arrows)
    assert [arrow.id for arrow in drawn] == [arrow.id for arrow in flows.arrows]


def test_every_parameter_is_in_its_group() -> None:
    parameters = content().parameters

    assert [row for group in parameters.groups for row in parameters.rows_in(group)] == list(parameters.rows)
