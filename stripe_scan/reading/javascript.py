"""A script: its tokens, without comments. Templates' tags in it are tokens like any other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stripe_scan.reading.lines import Lines

# Each part begins with a letter of its own and never goes back: the time grows with the length alone.
TOKEN = re.compile(
    r"""//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\.)*`?"""
    r"""|[A-Za-z_$][\w$]*|\d[\w.]*|\s+|.""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A name, number, sign, or a text in its quotes, with its line."""

    text: str
    line: int

    @property
    def is_text(self) -> bool:
        return self.text[0] in "\"'`"

    @property
    def value(self) -> str:
        """The text without its quotes."""
        return self.text[1:-1] if self.text[-1:] == self.text[0] and len(self.text) > 1 else self.text[1:]


@dataclass
class Script:
    """What the rules for scripts look at. `is_dead`: it is commented out."""

    path: str
    text: str
    tokens: list[Token]
    is_dead: bool = False
    around: str = ""  # the file that it is in, in small letters

    @property
    def confidence(self) -> str:
        return "low" if self.is_dead else "high"

    def follows(self, place: int, *texts: str) -> bool:
        """Return whether these tokens are at a place."""
        return tuple(token.text for token in self.tokens[place : place + len(texts)]) == texts

    def at(self, place: int) -> str:
        return self.tokens[place].text if 0 <= place < len(self.tokens) else ""

    def arguments(self, place: int, most: int = 200) -> list[Token]:
        """Return the tokens between the bracket at a place and the one that closes it."""
        depth = 0
        for end in range(place, min(place + most, len(self.tokens))):
            depth += (self.at(end) in "([{") - (self.at(end) in ")]}")
            if depth <= 0:
                return self.tokens[place + 1 : end]
        return self.tokens[place + 1 : place + most]


def read(path: str, text: str, first_line: int = 1, around: str = "") -> list[Script]:
    """Return a script, and what is commented out in it where that names Stripe."""
    lines = Lines(text, first_line)
    around = around or text.lower()
    live: list[Token] = []
    scripts = [Script(path, text, live, around=around)]
    for found in TOKEN.finditer(text):
        word = found[0]
        if word.isspace():
            continue
        line = lines.of(found.start())
        if word.startswith(("//", "/*")):
            if "tripe" in word and ("(" in word or "<" in word):
                dead = list(_tokens(word[2:], line))
                scripts.append(Script(path, word, dead, is_dead=True, around=around))
            continue
        live.append(Token(word, line))
    return scripts


def _tokens(text: str, first_line: int) -> Iterator[Token]:
    lines = Lines(text, first_line)
    for found in TOKEN.finditer(text):
        if not found[0].isspace() and not found[0].startswith(("//", "/*")):
            yield Token(found[0], lines.of(found.start()))
