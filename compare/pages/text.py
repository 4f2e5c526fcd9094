"""Teaching texts, written in both languages side by side, and claims that carry what shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_MARKUP = re.compile(r"`(?P<code>[^`]+)`|\[\[(?P<term>[a-z0-9-]+)\|(?P<label>[^\]]+)\]\]")


@dataclass(frozen=True)
class Text:
    """A text in both languages; `str()` picks the active one.

    Within it, `code` stands between backticks, and `[[term|words]]` links words to a term of the glossary.
    """

    en: str
    ja: str

    def __str__(self) -> str:
        return self.ja if (get_language() or "").startswith("ja") else self.en

    @property
    def html(self) -> SafeString:
        """The text as HTML."""
        return format_html_join("", "{}", ((piece,) for piece in _pieces(str(self))))

    @property
    def plain(self) -> str:
        """The text without its markup, for places that show no HTML."""
        return _MARKUP.sub(lambda found: found["code"] or found["label"], str(self))


@dataclass(frozen=True)
class Claim:
    """A statement of fact, with the pages that say so or the tests that show it: at least one of either.

    A source is an address named in `sources`; a test is written `file::function`.
    """

    text: Text
    sources: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


def _pieces(text: str) -> Iterator[str | SafeString]:
    position = 0
    for found in _MARKUP.finditer(text):
        yield text[position : found.start()]
        if found["code"]:
            yield format_html("<code>{}</code>", found["code"])
        else:
            address = reverse("compare:glossary")
            yield format_html('<a class="term" href="{}#{}">{}</a>', address, found["term"], found["label"])
        position = found.end()
    yield text[position:]
