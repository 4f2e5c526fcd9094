"""What makes an entry complete."""

from __future__ import annotations

from stripe_scan.catalogue.entries import Example, Link, Pattern, Text

TEXT = Text(en="a text", ja="文")
ENTRY = {
    "id": "x",
    "title": TEXT,
    "looks_like": "x",
    "languages": ("py",),
    "kind": "source",
    "repositories": 1,
    "sites": 1,
    "auto": "M",
    "step": "modern",
}


def test_an_entry_is_covered_that_says_what_it_does_today_and_what_it_becomes() -> None:
    assert Pattern(**ENTRY, today=TEXT, becomes=TEXT).covered
    assert not Pattern(**ENTRY, today=TEXT).covered
    assert not Pattern(**ENTRY, becomes=TEXT).covered


def test_outside_our_part_an_entry_says_where_to_go_on() -> None:
    values = ENTRY | {"today": TEXT, "becomes": TEXT, "inside": False}

    assert not Pattern(**values).covered
    assert Pattern(**values, elsewhere=Link(en="there", ja="そこ", url="https://docs.stripe.com/")).covered


def test_the_first_example_is_what_it_was_and_becomes() -> None:
    examples = tuple(Example(before=f"old {each}", after=f"new {each}", speaker="sdk") for each in (1, 2))
    pattern = Pattern(**ENTRY, example=examples)

    assert (pattern.before, pattern.after) == ("old 1", "new 1")
    assert (Pattern(**ENTRY).before, Pattern(**ENTRY).after) == ("", "")
