"""What makes an entry complete."""

from __future__ import annotations

from stripe_scan.catalogue.entries import Link, Pattern, Text

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
    told = ENTRY | {"today": TEXT, "becomes": TEXT, "inside": False}

    assert not Pattern(**told).covered
    assert Pattern(**told, elsewhere=Link(en="there", ja="そこ", url="https://docs.stripe.com/")).covered
