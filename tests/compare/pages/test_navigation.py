"""Each page with the page before it and the page after it."""

from __future__ import annotations

import pytest

from compare.content import content
from compare.pages.navigation import PAGES, place_of


def test_a_page_has_its_neighbours_and_the_whole_course() -> None:
    for before, page, after in zip([None, *PAGES], PAGES, [*PAGES[1:], None], strict=False):
        assert place_of(page.name) == {
            "page": page,
            "pages": content().navigation.pages,
            "previous_page": before,
            "next_page": after,
        }


def test_what_is_no_page_has_no_place() -> None:
    with pytest.raises(StopIteration):
        place_of("nowhere")
