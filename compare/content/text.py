"""A teaching text in both languages, and a claim: a text with the pages that say so or the tests that show it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from msgspec import Struct

from compare.content.values import Kebab, Prose, TestPath

_MARKUP = re.compile(r"`(?P<code>[^`]+)`|\[\[(?P<term>[a-z0-9-]+)\|(?P<label>[^\]]+)\]\]")


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """A text in both languages; `str()` returns it in the active one.

    In it, `code` is set in backticks, and `[[term|words]]` links words to a term of the glossary.
    """

    en: Prose
    ja: Prose

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

    @property
    def markdown(self) -> str:
        """The text as Markdown, without its links."""
        return _MARKUP.sub(lambda found: found["label"] or found[0], str(self))

    @property
    def other(self) -> str:
        """The text in the language that is not active."""
        return str(getattr(self, self.other_language))

    @property
    def other_language(self) -> str:
        return "en" if (get_language() or "").startswith("ja") else "ja"

    @property
    def terms(self) -> set[str]:
        """The ids of the glossary's terms to which the text links, in either language."""
        return {found["term"] for found in _MARKUP.finditer(f"{self.en} {self.ja}") if found["term"]}


class Claim(Struct, frozen=True, forbid_unknown_fields=True):
    """A statement with its evidence: ids of `sources.toml`, or tests as `file::function`; at least one of either."""

    text: Text
    sources: tuple[Kebab, ...] = ()
    tests: tuple[TestPath, ...] = ()


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
