"""Changes of pages and scripts: options of checkout.js that do nothing any more, where each has a line of its own."""

from __future__ import annotations

from collections.abc import Iterator

from stripe_scan.fixing.edits import Edit

NAMES = ("data-bitcoin", "data-alipay", "data-alipay-reusable", "bitcoin", "alipay", "alipayReusable")
VALUES = {"", "true", "false", '"true"', '"false"', "'true'", "'false'"}


def edits(text: str) -> Iterator[Edit]:
    """Yield the removal of lines such as `bitcoin: true,` and `data-bitcoin="true"`."""
    place = tag = 0
    for number, line in enumerate(text.split("\n"), 1):
        tag = number if "<script" in line else tag
        end = place + len(line) + 1
        if end <= len(text) and is_option(line.strip()):
            # The finding of an attribute has the line of its tag.
            found = tag if line.strip().startswith("data-") else number
            yield Edit(place, end, "", found, "bitcoin-option")
        place = end


def is_option(line: str) -> bool:
    for sign in ("=", ":"):
        name, found, value = line.partition(sign)
        is_attribute = name.startswith("data-")
        if found and name.strip(" \"'") in NAMES and is_attribute == (sign == "="):
            return value.strip(" ,") in VALUES
    return False
