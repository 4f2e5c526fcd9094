"""Highlighted code: Pygments finds the tokens, a few classes of our own name them, `compare.css` colours them."""

from __future__ import annotations

import functools

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from pygments import lex
from pygments.lexer import Lexer
from pygments.lexers import HtmlDjangoLexer, JavascriptLexer, PythonLexer, TextLexer
from pygments.token import Token, _TokenType

LEXERS: dict[str, type[Lexer]] = {
    "python": PythonLexer,
    "html": HtmlDjangoLexer,
    "javascript": JavascriptLexer,
    "text": TextLexer,
}
# The class of a token is that of the first of these it belongs to; names and signs stay plain, and the page small.
CLASSES = (
    (Token.Comment, "c"),
    (Token.Keyword, "k"),
    (Token.Operator.Word, "k"),
    (Token.Literal.String, "s"),
    (Token.Literal.Number, "m"),
    (Token.Name.Function, "f"),
    (Token.Name.Class, "f"),
    (Token.Name.Decorator, "d"),
    (Token.Name.Builtin, "b"),
    (Token.Name.Exception, "b"),
    (Token.Name.Tag, "k"),
    (Token.Name.Attribute, "f"),
)


def class_of(token: _TokenType) -> str:
    """Return our class for a token of Pygments; empty for one that stays plain."""
    return next((name for kind, name in CLASSES if token in kind), "")


@functools.cache
def lines(code: str, language: str = "python") -> tuple[SafeString, ...]:
    """Return the lines of a text as HTML, without line ends."""
    rows: list[list[tuple[str, str]]] = [[]]
    for token, text in lex(code, LEXERS[language](stripnl=False, ensurenl=False)):
        name = class_of(token)
        for index, piece in enumerate(text.split("\n")):
            if index:
                rows.append([])
            if not piece:
                continue
            if rows[-1] and rows[-1][-1][0] == name:
                rows[-1][-1] = (name, rows[-1][-1][1] + piece)
            else:
                rows[-1].append((name, piece))
    if not rows[-1]:
        rows.pop()
    return tuple(format_html_join("", "{}", ((_span(name, piece),) for name, piece in row)) for row in rows)


def _span(name: str, piece: str) -> str | SafeString:
    return format_html('<span class="{}">{}</span>', name, piece) if name else piece


def block(code: str, language: str = "python") -> SafeString:
    """Return a short piece of code as HTML."""
    return format_html_join("\n", "{}", ((line,) for line in lines(code, language)))
