"""A page or template: its tags with their attributes, and its scripts; Django's and Jinja's tags are stepped over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from stripe_scan.reading import javascript
from stripe_scan.reading.javascript import Script
from stripe_scan.reading.lines import Lines, blank

START = re.compile(r"<!--|\{#|\{%-? ?comment|<[A-Za-z]")
NAME = re.compile(r"[^\s=>\"'/{<]{1,200}")
END_OF_SCRIPT = re.compile(r"</script", re.IGNORECASE)
# A template's tag ends with these.
CLOSES = {"{{": "}}", "{%": "%}", "{#": "#}"}
# Letters of the longest tag.
LONGEST_TAG = 20_000
# Scripts that are none.
DATA = ("json", "template", "handlebars", "mustache", "html", "x-tmpl")


@dataclass(frozen=True)
class Tag:
    """A tag: its name and attributes in small letters, and the values as they are."""

    name: str
    attributes: dict[str, str]
    line: int

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")


@dataclass
class Page:
    """What the rules for pages look at. `is_dead`: it is commented out, as what is taken back one day often is."""

    path: str
    text: str
    is_dead: bool = False
    tags: list[Tag] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)

    @property
    def confidence(self) -> str:
        return "medium" if self.is_dead else "high"


def read(path: str, text: str) -> list[Page]:
    """Return a page, and what is commented out in it where that names Stripe."""
    live, dead = _apart(text)
    pages = [_page(path, live)]
    if "tripe" in dead:
        commented = _page(path, dead)
        commented.is_dead = True
        pages.append(commented)
    return pages


def _apart(text: str) -> tuple[str, str]:
    """Return the text without its comments, and its comments alone, both with all their lines."""
    live: list[str] = []
    dead: list[str] = []
    place = 0
    while place < len(text):
        found = START.search(text, place)
        start = found.start() if found else len(text)
        live.append(text[place:start])
        dead.append(blank(text, place, start))
        if not found:
            break
        if found[0].startswith("<") and found[0] != "<!--":
            is_script = text[start : start + 7].lower() == "<script"
            end = _after_script(text, start) if is_script else start + 2
            live.append(text[start:end])
            dead.append(blank(text, start, end))
        else:
            close = "-->" if found[0] == "<!--" else "#}" if found[0] == "{#" else "endcomment"
            stop = text.find(close, start)
            end = len(text) if stop < 0 else stop + len(close)
            live.append(blank(text, start, end))
            dead.append(_without_marks(text[start:end]))
        place = end
    return "".join(live), "".join(dead)


def _without_marks(comment: str) -> str:
    """Return a comment with spaces in place of what opens it."""
    marks = 4 if comment.startswith("<!--") else 2
    return " " * marks + comment[marks:]


def _after_script(text: str, start: int) -> int:
    found = END_OF_SCRIPT.search(text, start)
    return found.end() if found else len(text)


def _page(path: str, text: str) -> Page:
    page = Page(path, text)
    lines = Lines(text)
    around = text.lower()
    place = text.find("<")
    if place < 0:
        page.scripts += javascript.read(path, text, 1, around)
    while place >= 0:
        if not text[place + 1 : place + 2].isalpha():
            place = text.find("<", place + 1)
            continue
        name, attributes, end = _tag(text, place)
        line = lines.of(place)
        page.tags.append(Tag(name, attributes, line))
        for key, value in attributes.items():
            if key.startswith("on") and "tripe" in value:
                page.scripts += javascript.read(path, value, line, around)
        if name == "script":
            found = END_OF_SCRIPT.search(text, end)
            stop = found.start() if found else len(text)
            if not any(kind in attributes.get("type", "").lower() for kind in DATA):
                page.scripts += javascript.read(path, text[end:stop], lines.of(end), around)
            end = stop
        place = text.find("<", end)
    return page


def _tag(text: str, start: int) -> tuple[str, dict[str, str], int]:
    """Return a tag's name and attributes, and where it ends."""
    found = NAME.match(text, start + 1)
    name = found[0].lower() if found else ""
    place = found.end() if found else start + 1
    limit = min(len(text), start + LONGEST_TAG)
    attributes: dict[str, str] = {}
    key = ""
    while place < limit:
        letter = text[place]
        if letter == ">":
            return name, attributes, place + 1
        if text[place : place + 2] in CLOSES:
            place = _after_template_tag(text, place, limit)
        elif letter in "\"'":
            end = _closing_quote(text, place, limit)
            if key:
                attributes[key] = text[place + 1 : end]
            key, place = "", end + 1
        elif found := NAME.match(text, place, limit):
            if text[place - 1] == "=" and key:
                attributes[key] = found[0]
                key = ""
            else:
                key = found[0].lower()
                attributes.setdefault(key, "") if text[found.end() : found.end() + 1] != "=" else None
            place = found.end()
        else:
            place += 1
    return name, attributes, limit


def _after_template_tag(text: str, place: int, limit: int) -> int:
    end = text.find(CLOSES[text[place : place + 2]], place + 2, limit)
    return end + 2 if end >= 0 else place + 2


def _closing_quote(text: str, place: int, limit: int) -> int:
    """Return where a value ends; quotes in a template's tag do not end it."""
    quote = text[place]
    place += 1
    while place < limit and text[place] != quote:
        place = _after_template_tag(text, place, limit) if text[place : place + 2] in CLOSES else place + 1
    return min(place, limit)
