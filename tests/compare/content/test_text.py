"""A text becomes HTML, or loses its markup, in the active language."""

from __future__ import annotations

import pytest
from django.utils import translation

from compare.content.text import Text


@pytest.mark.parametrize(
    ("language", "html"),
    [
        ("en", 'a <code>b&lt;</code> <a class="term" href="/compare/glossary/#token">t</a> &amp;'),
        ("ja", "あ<code>b&lt;</code>"),
    ],
)
def test_a_text_becomes_html_in_the_active_language(language: str, html: str) -> None:
    text = Text("a `b<` [[token|t]] &", "あ`b<`")

    with translation.override(language):
        assert text.html == html
        assert "`" not in text.plain


def test_a_text_knows_the_language_that_is_not_active() -> None:
    text = Text("word", "語")

    found = {}
    for language in ("en", "ja", "de"):
        with translation.override(language):
            found[language] = (str(text), text.other, text.other_language)

    assert found == {"en": ("word", "語", "ja"), "ja": ("語", "word", "en"), "de": ("word", "語", "ja")}


def test_the_terms_of_both_languages_are_linked() -> None:
    assert Text("a [[token|t]] `[[code|x]]`", "あ [[charge|ち]]").terms == {"token", "charge"}
