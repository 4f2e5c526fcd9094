"""Everything of a kind is found in the content, wherever it is nested."""

from __future__ import annotations

from compare.content.entries import Cell, Difference, Term
from compare.content.text import Claim, Text
from compare.content.walk import within

FIRST, SECOND = Text("first", "一"), Text("second", "二")


def test_what_is_nested_in_tuples_and_fields_is_found_in_their_order() -> None:
    terms = (
        Term(id="a", era="all", word=FIRST, meaning=SECOND),
        (Difference(id="b", era="all", title=SECOND, text=FIRST),),
    )

    assert list(within(terms, Text)) == [FIRST, SECOND, SECOND, FIRST]


def test_the_outer_is_found_before_what_it_holds() -> None:
    cell = Cell(text=FIRST, verdict="yes")

    assert list(within([cell], (Claim, Text))) == [cell, FIRST]
    assert list(within(cell, Cell)) == [cell]


def test_nothing_is_found_in_a_text_a_number_or_nothing() -> None:
    assert [found for value in ("text", 1, None, ()) for found in within(value, Text)] == []
