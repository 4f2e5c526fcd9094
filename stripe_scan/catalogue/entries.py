"""The entries of the catalogue: frozen, and typed by their annotations, which `reading` enforces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# What a file is: Python, a template or page, a script, a list of requirements, or another language.
Language = Literal["py", "html", "js", "req", "other"]
# Where a pattern is found: in code, in tests, or in a project as a whole, without a line of its own.
Kind = Literal["source", "test", "project"]
# Whether a tool may change it: by itself (A), after showing the change (S), or not (M). Empty: nothing has to change.
Auto = Literal["A", "S", "M", ""]
# The steps of the migration guide, in their order.
Step = Literal[
    "take-stock",
    "raise-sdk",
    "tests",
    "columns",
    "webhooks",
    "settlement",
    "modern",
    "saved-cards",
    "rollout",
    "everybody",
    "drain",
    "refunds",
]


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text in both languages. In it, `code` is set in backticks."""

    en: str
    ja: str


@dataclass(frozen=True, kw_only=True)
class Link(Text):
    """A text that ends with where to go on."""

    url: str


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A pattern of old code.

    `repositories` and `sites`: in how many of 39 public repositories it was met, and how often. `today`: since when
    and how it fails; `seen`: the message; `becomes`: what to write. `inside`: whether it belongs to one-time payments,
    which these pages migrate; else `elsewhere` says where to go on. `match` is the scanner's.
    """

    id: str
    title: Text
    looks_like: str
    languages: tuple[Language, ...]
    kind: Kind
    repositories: int
    sites: int
    auto: Auto
    step: Step
    inside: bool = True
    today: Text | None = None
    seen: Text | None = None
    becomes: Text | None = None
    before: str = ""
    after: str = ""
    elsewhere: Link | None = None
    sources: tuple[str, ...] = ()
    match: Mapping[str, object] = field(default_factory=dict)

    @property
    def covered(self) -> bool:
        """Whether it says what the code does today and what it becomes, and outside our part where to go on."""
        return bool(self.today and self.becomes and (self.inside or self.elsewhere))
