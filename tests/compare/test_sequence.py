"""Sequence diagrams: where an arrow, its label and what is below it are, and what the one template draws."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import permutations
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from bbs.models import Payment
from compare.pages import flows
from compare.sequence import STRIPE, US, YOU, Band, Diagram, Message, Row, Scale, stack
from compare.wire import diagram as wire
from tests.compare.stage.messages import message

BESIDE = Scale("s", 360, {YOU: 30, US: 176, STRIPE: 330}, top=34, row=25, line=12, actors_y=16, head=8, centred=False)
CENTRED = replace(BESIDE, centred=True)
BOTH = pytest.mark.parametrize("scale", [BESIDE, CENTRED], ids=["beside", "centred"])
WAYS = pytest.mark.parametrize(("sender", "receiver"), list(permutations([YOU, US, STRIPE], 2)))
TEMPLATES = settings.BASE_DIR / "compare" / "templates"


def row(sender: str, receiver: str, scale: Scale = BESIDE, **more: object) -> Row:
    return Row(Message("arrow", "label", sender, receiver, **more), scale, 100)


def points(head: str) -> list[tuple[int, int]]:
    return [tuple(map(int, point.split(","))) for point in head.split()]


@BOTH
@WAYS
def test_an_arrow_goes_from_its_sender_to_its_receiver_and_points_there(scale: Scale, sender: str, receiver: str):
    arrow = row(sender, receiver, scale)
    start, end = scale.lifelines[sender], scale.lifelines[receiver]

    tip, *back = points(arrow.head)

    assert arrow.is_arrow
    assert arrow.shaft == f"M{start} 100H{end}"
    assert tip == (end, 100)
    assert {x for x, _ in back} == {end - 8 if start < end else end + 8}
    assert sorted(y for _, y in back) == [96, 104]


@BOTH
@pytest.mark.parametrize("actor", [YOU, US, STRIPE])
def test_a_loop_leaves_its_lifeline_and_comes_back_below(scale: Scale, actor: str) -> None:
    loop = row(actor, actor, scale)
    x = scale.lifelines[actor]

    (tip, *back) = points(loop.head)

    assert loop.is_loop
    assert loop.is_arrow
    assert loop.shaft == f"M{x} 94h22v14h-16"
    assert tip == (x, 108)
    assert {x for x, _ in back} == {x + 8}


@pytest.mark.parametrize(
    ("sender", "receiver", "side", "x"),
    [
        (YOU, US, "start", 40),
        (US, YOU, "start", 40),
        (US, STRIPE, "end", 320),
        (STRIPE, US, "end", 320),
        (YOU, STRIPE, "", 180),
        (STRIPE, YOU, "", 180),
    ],
)
def test_a_label_beside_begins_or_ends_at_the_outer_lifeline(sender: str, receiver: str, side: str, x: int) -> None:
    arrow = row(sender, receiver)

    assert (arrow.side, arrow.x) == (side, x)


@WAYS
def test_a_centred_label_is_over_the_middle_of_its_arrow(sender: str, receiver: str) -> None:
    arrow = row(sender, receiver, CENTRED)

    assert (arrow.side, arrow.x) == ("", (CENTRED.lifelines[sender] + CENTRED.lifelines[receiver]) // 2)


def test_the_label_of_a_loop_is_on_its_left_where_its_line_is_not() -> None:
    assert row(STRIPE, STRIPE, CENTRED).x < CENTRED.lifelines[STRIPE]


@BOTH
def test_a_note_is_at_its_lifeline_without_an_arrow(scale: Scale) -> None:
    note = row(US, US, scale, is_note=True)

    assert not note.is_arrow
    assert not note.is_loop
    assert (note.side, note.x) == ("", scale.lifelines[US])


def test_a_note_at_the_outermost_lifeline_ends_there_where_labels_are_beside() -> None:
    assert (row(STRIPE, STRIPE, BESIDE, is_note=True).side, row(STRIPE, STRIPE, CENTRED, is_note=True).side) == (
        "end",
        "",
    )


@BOTH
def test_a_text_across_is_in_the_middle_of_the_drawing(scale: Scale) -> None:
    across = row("", "", scale)

    assert not across.is_arrow
    assert not across.is_loop
    assert (across.side, across.x) == ("", 180)


@BOTH
def test_a_label_is_above_its_arrow_and_the_detail_below(scale: Scale) -> None:
    arrow = row(YOU, US, scale)

    assert arrow.label_y < arrow.y < arrow.detail_y


def test_messages_are_stacked_row_by_row() -> None:
    rows = stack(BESIDE, [Message("arrow", str(number)) for number in range(3)], top=50)

    assert [(each.message.label, each.y) for each in rows] == [("0", 62), ("1", 87), ("2", 112)]
    assert stack(BESIDE, [], top=50) == []


@pytest.mark.parametrize("scale", [flows.SCALE, wire.SCALE], ids=lambda scale: scale.style)
def test_on_both_pages_nothing_of_a_row_is_in_the_row_above_or_below_or_outside(scale: Scale) -> None:
    for sender, receiver in (*permutations([YOU, US, STRIPE], 2), (STRIPE, STRIPE)):
        only, top = stack(scale, [Message("arrow", "label", sender, receiver)], scale.top)[0], scale.top
        assert top < only.label_y < only.y < top + scale.row
        assert all(0 < x < scale.width and top <= y <= top + scale.row for x, y in points(only.head))
        assert 0 < only.x < scale.width


def test_a_drawing_names_its_lifelines_and_has_room_for_all() -> None:
    diagram = Diagram(BESIDE, {YOU: "du", US: "wir", STRIPE: "Stripe"}, (), 200)

    assert diagram.view_box == "0 0 360 200"
    assert diagram.lifelines == [(30, "du"), (176, "wir"), (330, "Stripe")]
    assert 330 < diagram.moment_x < 360


def test_the_title_of_a_band_is_in_it_and_its_moment_below() -> None:
    band = Band("Title", y=40, height=60, moment=1)

    assert 40 < band.title_y < 100 < band.moment_y


def draw(*messages: Message, bands: tuple[Band, ...] = ()) -> ElementTree.Element:
    """Return the SVG that the template draws."""
    actors = {YOU: "you", US: "us", STRIPE: "Stripe"}
    diagram = Diagram(BESIDE, actors, tuple(stack(BESIDE, messages, BESIDE.top)), 200, bands)
    return ElementTree.fromstring(render_to_string("compare/sequence.html", {"diagram": diagram}))  # noqa: S314


def test_a_message_is_a_link_only_where_it_has_an_address() -> None:
    plain, linked = draw(Message("arrow", "a", YOU, US)), draw(Message("arrow", "a", YOU, US, url="/code/#L1"))

    assert plain.find(".//a") is None
    assert plain.find("g[@class='arrow']/text").text == "a"
    assert [link.get("href") for link in linked.findall(".//a")] == ["/code/#L1"]
    assert linked.find("a[@class='arrow']/text").text == "a"


def test_a_message_leads_to_its_record_only_where_it_has_one() -> None:
    detail = Message("arrow", "a", YOU, US, detail="POST /checkout/")
    recorded = draw(replace(detail, record="/wire/1/"))

    assert draw(detail).find(".//a") is None
    assert draw(detail).find("text[@class='code start']").text == "POST /checkout/"
    assert [link.get("href") for link in recorded.findall(".//a[@class='record']")] == ["/wire/1/"]


def test_what_is_written_in_a_drawing_is_escaped() -> None:
    words = "<script>&\"'"
    svg = draw(Message("arrow", words, YOU, US, url=words, detail=words, record=words), bands=(Band(words, 0, 50),))

    assert {element.tag for element in svg.iter()} == {"svg", "rect", "path", "text", "a", "polygon"}
    assert svg.find("a/text").text == words
    assert svg.find("a").get("href") == words
    assert svg.find("text[@class='code start']").text == f"{words} · "
    assert svg.find("text[@class='phase']").text == words


def test_only_an_arrow_has_a_shaft_and_a_head() -> None:
    svg = draw(
        Message("known", "knew", US, US, is_note=True), Message("pause", "+3 s"), Message("answer", "200", US, YOU)
    )

    shapes = {group.get("class"): [part.tag for part in group] for group in svg.findall("g")}
    assert shapes == {"known": ["text"], "pause": ["text"], "answer": ["path", "polygon", "text"]}
    assert [group.find("text").text for group in svg.findall("g")] == ["★ knew", "⋮ +3 s ⋮", "200"]


def test_a_moment_is_marked_below_its_band_alone() -> None:
    svg = draw(bands=(Band("One", 0, 50), Band("Two", 60, 50, moment=2)))

    assert [text.text for text in svg.findall("text[@class='phase']")] == ["One", "Two"]
    assert [text.text for text in svg.findall("text[@class='moment-number']")] == ["2"]
    assert len(svg.findall("circle")) == 1


def test_both_pages_draw_with_the_one_template(client: Client, payment: Payment) -> None:
    message(payment, "call POST /v1/checkout/sessions", demo=True).save()

    for address, drawings in (("/compare/", 2), (f"/compare/wire/{payment.pk}/", 1)):
        page = client.get(address)
        assert [template.name for template in page.templates].count("compare/sequence.html") == drawings
        assert len(re.findall('<svg class="sequence ', page.content.decode())) == drawings
    drawing = [file.name for file in TEMPLATES.rglob("*.html") if re.search("<polygon|<path", file.read_text("utf-8"))]
    assert drawing == ["sequence.html"]
