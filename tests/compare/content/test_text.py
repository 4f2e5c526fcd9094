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
