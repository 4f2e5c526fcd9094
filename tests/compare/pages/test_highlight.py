"""Code is highlighted by classes of our own, line by line."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.conf import settings
from pygments.token import Token

from compare.pages import highlight


def test_every_class_of_the_highlighter_has_its_colour() -> None:
    styles = (settings.BASE_DIR / "compare/static/compare/compare.css").read_text(encoding="utf-8")

    assert [name for _, name in highlight.CLASSES if f".code .{name} {{ color: var(" not in styles] == []


@pytest.mark.parametrize(
    ("token", "name"),
    [
        (Token.Comment.Single, "c"),
        (Token.Keyword.Constant, "k"),
        (Token.Literal.String.Double, "s"),
        (Token.Literal.Number.Integer, "m"),
        (Token.Name.Function, "f"),
        (Token.Name, ""),
        (Token.Punctuation, ""),
    ],
)
def test_a_token_has_the_class_of_its_kind_or_stays_plain(token: object, name: str) -> None:
    assert highlight.class_of(token) == name


@pytest.mark.parametrize("language", highlight.LEXERS)
@pytest.mark.parametrize("code", ["", "\n", "a = '<b>&'  # é\n\n\tif x:\n", "<p>{{ x }}</p>", "no end", "\n\nx\n\n"])
def test_highlighting_changes_no_letter_and_keeps_every_line(code: str, language: str) -> None:
    shown = [unescape(re.sub(r"<[^>]+>", "", line)) for line in highlight.lines(code, language)]

    assert shown == code.splitlines()


def test_what_goes_over_several_lines_is_marked_in_each() -> None:
    code = "x = '''a\nb'''"
    marked = [re.findall(r'<span class="s">(.*?)</span>', line) for line in highlight.lines(code)]

    assert marked == [["&#x27;&#x27;&#x27;a"], ["b&#x27;&#x27;&#x27;"]]
    assert highlight.block(code).splitlines() == list(highlight.lines(code))


def test_markup_in_code_is_shown_as_text() -> None:
    assert highlight.block("<script>", "text") == "&lt;script&gt;"
