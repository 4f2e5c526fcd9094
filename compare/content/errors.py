"""The one error of the content: everything that is wrong with it, at once."""

from __future__ import annotations

from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured


class Problem(NamedTuple):
    """One mistake: in which file, in which entry (empty: in none), and what to do."""

    file: str
    entry: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}, {self.entry}: {self.what}" if self.entry else f"{self.file}: {self.what}"


class ContentError(ImproperlyConfigured):
    """The files of `compare/content/` cannot be used as they are: the start ends with what is wrong with them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [f"mistakes in compare/content/: {len(problems)}", *(f"  {each}" for each in problems)]
        super().__init__("\n".join(lines))
