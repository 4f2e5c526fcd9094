"""Both flows as diagrams on one time axis, and as lists."""

from __future__ import annotations

import pytest
from django.utils import translation

from compare.content import content
from compare.pages.flows import GAP, SCALE, TITLE, Arrow, arrows, draw


def with_a_record(flow: str) -> list[Arrow]:
    return [arrow for arrow in arrows(flow) if arrow.record]


@pytest.mark.parametrize("flow", ["legacy", "modern"])
def test_every_arrow_to_or_from_our_server_has_its_record(flow: str) -> None:
    ours = [arrow for arrow in arrows(flow) if "us" in (arrow.step.sender, arrow.step.receiver)]

    assert with_a_record(flow) == ours != []


BOTH = pytest.mark.parametrize("flow", ["legacy", "modern"])


def test_both_drawings_have_one_time_axis() -> None:
    legacy, modern = draw("legacy"), draw("modern")

    assert legacy.bands == modern.bands
    assert (legacy.height, legacy.actors) == (modern.height, modern.actors)


@BOTH
def test_the_arrows_of_a_phase_are_in_its_band_below_its_title(flow: str) -> None:
    diagram, flows = draw(flow), content().flows
    rows = list(diagram.rows)

    for phase, band in zip(flows.phases, diagram.bands, strict=True):
        inside = [rows.pop(0) for _ in flows.arrows_in(phase, flow)]
        assert all(band.y + TITLE < row.y < band.y + band.height for row in inside)
    assert rows == []


def test_no_band_overlaps_the_next_and_all_fit_the_drawing() -> None:
    diagram = draw("legacy")

    for above, below in zip(diagram.bands, diagram.bands[1:], strict=False):
        assert below.y == above.y + above.height + GAP
    assert diagram.bands[0].y == SCALE.top
    assert diagram.height > diagram.bands[-1].y + diagram.bands[-1].height


def test_the_moments_at_which_the_tab_may_close_are_numbered_as_in_the_table() -> None:
    phases, closings = content().flows.phases, [closing.id for closing in content().overview.closings]

    numbers = {phase.closing: band.moment for phase, band in zip(phases, draw("legacy").bands, strict=True)}

    assert numbers.pop(None) == 0
    assert numbers == {closing: number for number, closing in enumerate(closings, start=1)}


@BOTH
def test_the_list_and_the_drawing_have_the_same_arrows_numbered_from_one(flow: str) -> None:
    listed, drawn = arrows(flow), [row.message for row in draw(flow).rows]

    assert [arrow.number for arrow in listed] == list(range(1, len(drawn) + 1))
    assert [arrow.message for arrow in listed] == drawn
    assert all(message.label.startswith(f"{arrow.number} ") for arrow, message in zip(listed, drawn, strict=True))


@BOTH
def test_where_we_know_is_said_in_the_label_and_by_the_kind(flow: str) -> None:
    with translation.override("en"):
        knowing = [arrow.message for arrow in arrows(flow) if arrow.step.confirms]

    assert [message.kind for message in knowing] == ["arrow confirms"]
    assert knowing[0].label.endswith(" ← payment confirmed here")


def test_an_arrow_names_both_of_its_ends_or_the_one_that_acts_by_itself() -> None:
    named = {arrow.step.id: [str(actor) for actor in arrow.actors] for arrow in arrows("modern")}

    assert named["modern-create"] == ["our server", "Stripe"]
    assert named["modern-charge"] == ["Stripe"]


@BOTH
def test_an_arrow_with_a_record_has_code_beside_which_the_drawing_shows_it(flow: str) -> None:
    assert [arrow.step.id for arrow in arrows(flow) if arrow.record and not arrow.step.code] == []


def test_a_drawing_leads_to_records_only_where_they_are_made(settings) -> None:
    settings.RECORD_WIRE = False

    assert {arrow.message.record for arrow in arrows("legacy")} == {""}
