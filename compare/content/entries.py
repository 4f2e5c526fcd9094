"""The entries of the content: frozen and typed.

Every entry has an `id` that is unique in its file, the `era` it is about, and evidence: `sources` or `tests` of its
own or of its claims. A source is its own evidence.
"""

from __future__ import annotations

from django.urls import reverse
from msgspec import Struct

from compare.content import lines
from compare.content.text import Claim, Text
from compare.content.values import (
    FLOW_OF_ERA,
    Actor,
    ArrowEra,
    Code,
    Date,
    Era,
    Kebab,
    Language,
    Path,
    Replacement,
    TestPath,
    Url,
    Verdict,
)


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every entry has."""

    id: Kebab
    era: Era
    sources: tuple[Kebab, ...] = ()
    tests: tuple[TestPath, ...] = ()

    @property
    def flow(self) -> str:
        """The flow of this site that shows the entry's era; empty where none or both do."""
        return FLOW_OF_ERA.get(self.era, "")


class LineOfCode(Entry, frozen=True, kw_only=True):
    """An entry about one line of our code: see `lines.line_number`. Without a line it has none of the three."""

    path: Path | None = None
    function: str = ""
    line: str = ""

    @property
    def number(self) -> int:
        return lines.line_number(self.path, self.function, self.line)


class Reason(Entry, frozen=True, kw_only=True):
    """A reason to move now. `unsure` is what about it is not published."""

    title: Text
    text: Text
    unsure: Text | None = None


class EraOfPayments(Entry, frozen=True, kw_only=True):
    """A way of taking payments, and its time."""

    years: Text
    title: Code
    text: Text


class Milestone(Entry, frozen=True, kw_only=True):
    """What happened in an era, and when."""

    date: Date
    text: Text


class Closing(Entry, frozen=True, kw_only=True):
    """A moment at which the visitor may close the tab, and what happens then in each flow."""

    when: Text
    legacy: Claim
    modern: Claim


class Change(Entry, frozen=True, kw_only=True):
    """One of the changes that the smallest migration consists of."""

    title: Text
    text: Text


class Difference(Entry, frozen=True, kw_only=True):
    """One of the differences that matter most."""

    title: Text
    text: Text


class Phase(Entry, frozen=True, kw_only=True):
    """What both flows do at the same time. `closing` is the moment after it at which the tab may close."""

    title: Text
    closing: Kebab | None = None


class Arrow(LineOfCode, frozen=True, kw_only=True):
    """One arrow of a sequence diagram.

    `confirms`: here our server confirms that it is paid. `wire` names the recorded messages, any of them, that are this
    arrow or that it answers; what our server neither sends nor receives has none.
    """

    era: ArrowEra
    phase: Kebab
    sender: Actor
    receiver: Actor
    text: Text
    code: str = ""
    confirms: bool = False
    wire: tuple[Code, ...] = ()


class Group(Entry, frozen=True, kw_only=True):
    """The old options of one place."""

    title: Text
    language: Language


class Parameter(Entry, frozen=True, kw_only=True):
    """One old option and what replaces it.

    `old` is how it was written; `new` is how it is written in the `params` of `checkout.sessions.create`.
    `shows` are statements that hold once both examples were run; the sandbox does not support a row without any.
    """

    group: Kebab
    name: Code
    old: Code
    replacement: Replacement
    where: Claim
    # The entries of the catalogue of old code that are about it.
    patterns: tuple[Kebab, ...] = ()
    new: str = ""
    shows: tuple[Code, ...] = ()
    pitfall: Claim | None = None

    @property
    def slug(self) -> str:
        """What its anchor ends with, after that of its group."""
        return self.name.replace("…", "").replace("_", "-")


class Cell(Claim, frozen=True, kw_only=True):
    """One era's answer. A plain one is no question of yes or no."""

    verdict: Verdict


class Capability(Entry, frozen=True, kw_only=True):
    """A question, and the eras' answers; without a `redirect` of its own, `url` answers for both."""

    title: Text
    tokens: Cell
    url: Cell
    redirect: Cell | None = None
    # The entries of the catalogue of old code that are about it.
    patterns: tuple[Kebab, ...] = ()
    try_it: Text | None = None


class Term(Entry, frozen=True, kw_only=True):
    """A word and its meaning; `code` is how it is spelled in code."""

    word: Text
    code: str = ""
    meaning: Text


class Note(LineOfCode, frozen=True, kw_only=True):
    """A remark about a line of our code."""

    text: Text


class Lesson(Entry, frozen=True, kw_only=True):
    """A plan for a class of so many minutes."""

    title: Text
    text: Text


class Exercise(Entry, frozen=True, kw_only=True):
    """Something that a class does, and what is expected. `at` is the address at which it is done."""

    lesson: Kebab
    minutes: Text
    title: Text
    task: Text
    at: Code
    answer: Claim


class Limit(Entry, frozen=True, kw_only=True):
    """What a room of people behind one address meets, and the setting that changes it."""

    setting: Code
    text: Text


class Rung(Entry, frozen=True, kw_only=True):
    """A step from the article's code to the shop's: its file, what it adds, and the ids of the stories it fails."""

    path: Path
    title: Text
    adds: Text
    fails: tuple[Kebab, ...]

    @property
    def number(self) -> int:
        return int(self.id.rpartition("-")[2])

    @property
    def url(self) -> str:
        return reverse("compare:rung", args=[self.flow, self.number])

    @property
    def is_site(self) -> bool:
        """Whether it is the shop of this site, and not a file that is complete in itself."""
        return not self.path.startswith("compare/")

    @property
    def source(self) -> str:
        return lines.source(self.path)


class LadderStory(Entry, frozen=True, kw_only=True):
    """What happens to a shop, and what its owner must expect. Of era `url`, only the modern flow can meet it.

    `scenario` is the one of the lab that is about it; a payment that simply succeeds has none.
    """

    title: Text
    expected: Text
    scenario: Kebab | None = None

    @property
    def scenario_url(self) -> str:
        return reverse("compare:scenario", args=[self.scenario])


class Source(Entry, frozen=True, kw_only=True):
    """A page that says what we claim: by Stripe, or by a developer who reports it."""

    url: Url


class Page(Entry, frozen=True, kw_only=True):
    """A page of the course, and the question it answers."""

    title: Text
    question: Text

    @property
    def name(self) -> str:
        """The name of its URL."""
        return self.id.replace("-", "_")

    @property
    def url(self) -> str:
        return reverse(f"compare:{self.name}")


class File(Entry, frozen=True, kw_only=True):
    """A file of the project that the code pages show. Without a `page` of its own it is on that of the two flows."""

    path: Path
    page: str = ""
    title: Text

    @property
    def slug(self) -> str:
        """What the anchors of its functions and lines begin with."""
        return self.id

    @property
    def language(self) -> str:
        return {"py": "python", "html": "html", "js": "javascript"}[self.path.rpartition(".")[2]]

    @property
    def source(self) -> str:
        return lines.source(self.path)

    @property
    def url(self) -> str:
        return reverse("compare:code_page", args=[self.page]) if self.page else reverse("compare:code")
