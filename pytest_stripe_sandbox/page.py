"""The hosted Checkout page as a test fills it in: a form, which works without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urlencode

from . import web


class _Reader(HTMLParser):
    """Collect the hidden fields of a page, and the text of its alerts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.hidden: dict[str, str] = {}
        self.alerts: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input":
            if given.get("type") == "hidden" and given.get("name"):
                self.hidden[given["name"] or ""] = given.get("value") or ""
        elif self._depth:
            self._depth += 1
        elif given.get("role") == "alert":
            self._depth = 1

    def handle_endtag(self, tag: str) -> None:
        self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        if self._depth and data.strip():
            self.alerts.append(data.strip())


def read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    return reader


def complaint(text: str) -> str:
    """Return what a page says is wrong, or ""."""
    return " ".join(read(text).alerts)


def submit(url: str, fields: Mapping[str, str]) -> web.Answer:
    """Open a page, and post its form with these fields as a browser does."""
    browser = web.browser()
    shown = web.send(url, by=browser)
    if shown.status != 200:
        return shown
    filled = {**read(shown.text).hidden, **fields}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": url}
    return web.send(url, urlencode(filled).encode(), headers, browser)
