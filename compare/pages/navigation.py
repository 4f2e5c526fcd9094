"""The pages in the order in which they teach, each with the question that it answers."""

from __future__ import annotations

from compare.content import content

PAGES = content().navigation.pages


def place_of(name: str) -> dict[str, object]:
    """Return what the frame of a page shows: the page, its neighbours, and the whole course."""
    index = next(index for index, page in enumerate(PAGES) if page.name == name)
    return {
        "page": PAGES[index],
        "pages": PAGES,
        "previous_page": PAGES[index - 1] if index else None,
        "next_page": PAGES[index + 1] if index + 1 < len(PAGES) else None,
    }
