"""What two payments sent to Stripe, parameter by parameter."""

from __future__ import annotations

import pytest

from compare.wire.difference import Row, differences
from compare.wire.story import Story
from tests.compare.stage.messages import message, payment_in, steps
from tests.compare.stage.recorded import pay

LIVE = pytest.mark.django_db(databases="__all__", transaction=True)


@LIVE
@pytest.mark.usefixtures("stored_at_once")
def test_the_parameters_of_both_sides_stand_beside_each_other(mike) -> None:
    legacy, modern = Story.of(pay(mike, "legacy")), Story.of(pay(mike, "modern"))

    rows = {(row.left_name, row.right_name): row.kind for row in differences(legacy, modern)[0].rows}

    assert rows["amount", "line_items[0][price_data][unit_amount]"] == "renamed"
    assert rows["currency", "line_items[0][price_data][currency]"] == "renamed"
    assert rows["metadata[payment]", "metadata[payment]"] == "changed"
    assert rows["source", ""] == "left"
    assert rows["", "mode"] == "right"
    same = {row.kind for row in differences(legacy, legacy)[0].rows}
    assert same == {"same"}


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (Row("a", "1", "a", "1"), "same"),
        (Row("amount", "1", "line_items[0][price_data][unit_amount]", "1"), "renamed"),
        (Row("a", "1", "a", "2"), "changed"),
        (Row("a", "1", "", ""), "left"),
        (Row("", "", "a", "1"), "right"),
        (Row("a", "", "a", ""), "same"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_parameter_is_the_same_renamed_changed_or_on_one_side_alone(row: Row, kind: str) -> None:
    assert row.kind == kind


def story_of(*requests: str, **parameters: str) -> Story:
    payment = payment_in("legacy")
    return Story(payment, steps(*(message(payment, request, parameters=parameters) for request in requests)))


def test_only_calls_that_create_something_are_compared_and_each_kind_once() -> None:
    left = story_of(
        "visit POST /checkout/", "call POST /v1/charges", "call POST /v1/charges", "call GET /v1/charges/ch_1"
    )
    right = story_of("call POST /v1/checkout/sessions", "webhook POST /webhook/", "call POST /v1/refunds")

    pairs = [(one.left and one.left.name, one.right and one.right.name) for one in differences(left, right)]

    assert pairs == [("POST /v1/charges", "POST /v1/checkout/sessions"), (None, "POST /v1/refunds")]


def test_a_call_that_the_other_side_does_not_make_has_its_parameters_on_one_side() -> None:
    both = story_of("call POST /v1/charges", amount="2000")

    (only_left,), (only_right,) = differences(both, story_of()), differences(story_of(), both)

    assert [row.kind for row in only_left.rows] == ["left"]
    assert [row.kind for row in only_right.rows] == ["right"]


def test_a_new_name_is_found_from_either_side() -> None:
    new = "line_items[0][price_data][unit_amount]"
    legacy, modern = story_of("call POST /v1/charges", amount="1"), story_of("call POST /v1/x", **{new: "1"})

    for left, right in ((legacy, modern), (modern, legacy)):
        assert [row.kind for row in differences(left, right)[0].rows] == ["renamed"]
