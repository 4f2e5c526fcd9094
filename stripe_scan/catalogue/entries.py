"""The entries of the catalogue: frozen, and typed by their annotations, which `reading` enforces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# What a file is: Python, a template or page, a script, a list of requirements, or another language.
Language = Literal["py", "html", "js", "req", "other"]
# Where a pattern is found: in code, in tests, or in a project as a whole, without a line of its own.
Kind = Literal["source", "test", "project"]
# Who answers a line of old code: stripe-python, Stripe's API, a site, the browser, or Python itself.
Speaker = Literal["sdk", "api", "site", "browser", "python"]
CodeLanguage = Literal["python", "html", "javascript"]
# How an answer of other versions is known: run here, from Stripe's changelog, or from what others report.
Basis = Literal["run", "changelog", "reported"]
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
class Version:
    """What an old line does in other versions: an `answer` word for word where it was run or is reported, and a text.

    `sdk`: the versions of stripe-python with which it was run; none where it was not.
    """

    versions: Text
    basis: Basis
    text: Text
    answer: str = ""
    sources: tuple[str, ...] = ()
    sdk: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Example:
    """A line of old code, and what to write instead.

    `answer` is what it answers when it is run, ids shortened; a line without one cannot be run here. `assumed`: Stripe
    publishes no such words, they are the sandbox's. `sdk` and `api`: the versions with which it was run. `unsupported`:
    the sandbox does not support what `after` asks for, and so it is not run.
    """

    before: str
    after: str
    speaker: Speaker
    before_language: CodeLanguage = "python"
    after_language: CodeLanguage = "python"
    answer: str = ""
    assumed: bool = False
    unsupported: bool = False
    sdk: tuple[str, ...] = ()
    api: tuple[str, ...] = ()
    version: tuple[Version, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A pattern of old code.

    `repositories` and `sites`: in how many of 39 public repositories it was met, and how often. `today`: since when
    and how it fails; `seen`: the message; `becomes`: what to write. `inside`: whether it belongs to one-time payments,
    which these pages migrate; else `elsewhere` says where to go on. `match`: see `stripe_scan/rules/data.py`.
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
    elsewhere: Link | None = None
    sources: tuple[str, ...] = ()
    example: tuple[Example, ...] = ()
    match: Mapping[str, object] = field(default_factory=dict)

    @property
    def before(self) -> str:
        """The old line of the first example; empty where there is none."""
        return self.example[0].before if self.example else ""

    @property
    def after(self) -> str:
        """What to write instead of `before`."""
        return self.example[0].after if self.example else ""

    @property
    def covered(self) -> bool:
        """Whether it says what the code does today and what it becomes, and outside our part where to go on."""
        return bool(self.today and self.becomes and (self.inside or self.elsewhere))


@dataclass(frozen=True, kw_only=True)
class Change:
    """What breaks in a release of stripe-python: the `old` line, the `message` it answers, and what to write instead.

    Where it was run, `sdk` names releases in which `old` answers that, and `before` releases in which it works.
    """

    text: Text
    basis: Basis
    old: str = ""
    new: str = ""
    message: str = ""
    sdk: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Release:
    """A major release of stripe-python. `api` is the version of Stripe's API that it sends, empty: the account's."""

    major: int
    released: str
    api: str
    change: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All entries, in the order of the files."""

    patterns: tuple[Pattern, ...]
    releases: tuple[Release, ...]
