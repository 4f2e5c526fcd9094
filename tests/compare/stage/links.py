"""The links and the ids of a page."""

from __future__ import annotations

from html.parser import HTMLParser


class Links(HTMLParser):
    """The links and the ids of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag == "a" and named.get("href"):
            self.links.add(named["href"])
        if named.get("id"):
            self.ids.append(named["id"])
