"""A payment's story as a diagram: a row for each request, each answer, and what happened between them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compare.sequence import STRIPE, US, YOU
from compare.wire.diagram import PAUSE, SCALE, draw, messages
from compare.wire.story import Story
from tests.compare.stage.messages import START, message, payment_in, steps


def story(*requests: tuple[str, float], paid_after: float | None = None, **fields: object) -> Story:
    """Return a story of these requests, each so many seconds after the start; each answer takes a tenth."""
    paid_at = None if paid_after is None else START + timedelta(seconds=paid_after)
    payment = payment_in("legacy", paid_at=paid_at)
    return Story(payment, steps(*(message(payment, request, seconds, **fields) for request, seconds in requests)))


def test_a_request_and_its_answer_are_two_arrows_to_the_same_message() -> None:
    request, answer = messages(story(("call POST /v1/charges", 0)))

    assert (request.kind, request.sender, request.receiver, request.label) == (
        "request",
        US,
        STRIPE,
        "POST /v1/charges",
    )
    assert (answer.kind, answer.sender, answer.receiver, answer.label) == ("answer", STRIPE, US, "200 · 100 ms")
    assert request.url == answer.url == "#m1"


def test_a_call_is_drawn_inside_of_the_request_that_makes_it() -> None:
    inside = story(("visit POST /checkout/", 0), ("call POST /v1/charges", 0.03))
    inside.steps[1].message.milliseconds = 50

    kinds = [(each.kind, each.sender) for each in messages(inside)]

    assert kinds == [("request", YOU), ("request", US), ("answer", STRIPE), ("answer", US)]


@pytest.mark.parametrize(("seconds", "label"), [(0.5, None), (3.1, "+3.0 s"), (600.1, "+10 min")])
def test_a_pause_is_drawn_where_somebody_may_have_done_something(seconds: float, label: str | None) -> None:
    drawn = messages(story(("visit POST /checkout/", 0), ("visit GET /success/", seconds)))

    assert [each.label for each in drawn if each.kind == "pause"] == ([label] if label else [])
    assert [each.kind for each in drawn if each.kind != "pause"] == ["request", "answer"] * 2


def test_a_pause_is_counted_from_the_latest_answer() -> None:
    long = story(
        ("visit POST /checkout/", 0), ("call POST /v1/charges", 0.01), milliseconds=PAUSE.total_seconds() * 999
    )

    assert [each for each in messages(long) if each.kind == "pause"] == []


def test_that_we_knew_is_a_note_at_our_lifeline() -> None:
    known = next(each for each in messages(story(paid_after=0.5)) if each.kind == "known")

    assert (known.sender, known.receiver, known.is_note, known.url) == (US, US, True, "")


def test_the_drawing_is_as_high_as_its_rows() -> None:
    short, long = draw(story()), draw(story(("visit POST /checkout/", 0)))

    assert (len(short.rows), len(long.rows)) == (0, 2)
    assert long.height - short.height == 2 * SCALE.row
    assert all(row.y < long.height for row in long.rows)
    assert long.actors == {YOU: "you", US: "us", STRIPE: "Stripe"}
