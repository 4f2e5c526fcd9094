"""Changes of pages and scripts: options of checkout.js that do nothing any more, where each has a line of its own."""

from __future__ import annotations

from collections.abc import Iterator

from stripe_scan.fixing.edits import Edit

NAMES = ("data-bitcoin", "data-alipay", "data-alipay-reusable", "bitcoin", "alipay", "alipayReusable")
VALUES = {"", "true", "false", '"true"', '"false"', "'true'", "'false'"}


def edits(text: str) -> Iterator[Edit]:
    """Yield the removal of lines such as `bitcoin: true,` and `data-bitcoin="true"`."""
    place = 0
    for number, line in enumerate(text.split("\n"), 1):
        end = place + len(line) + 1
        if end <= len(text) and is_option(line.strip()):
            yield Edit(place, end, "", line_of_the_finding(text, place, number), "bitcoin-option")
        place = end


def is_option(line: str) -> bool:
    for sign in ("=", ":"):
        name, found, value = line.partition(sign)
        is_attribute = name.startswith("data-")
        if found and name.strip(" \"'") in NAMES and is_attribute == (sign == "="):
            return value.strip(" ,") in VALUES
    return False


def line_of_the_finding(text: str, place: int, number: int) -> int:
    """Return the line that the finding names: for an attribute, that of its tag."""
    line = text[place : place + 200].lstrip()
    tag = text.rfind("<script", 0, place) if line.startswith("data-") else -1
    return text.count("\n", 0, tag) + 1 if tag >= 0 else number
