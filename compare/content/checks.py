"""What holds between entries and files: ids, evidence, references, links to words, and lines of code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from compare.content.entries import (
    Arrow,
    Capability,
    Closing,
    Entry,
    EraOfPayments,
    Exercise,
    File,
    Group,
    LadderStory,
    Lesson,
    LineOfCode,
    Note,
    Parameter,
    Phase,
    Rung,
    Source,
    Term,
)
from compare.content.errors import Problem
from compare.content.guide import Step
from compare.content.lab import Scenario, ScenarioGroup
from compare.content.lines import line_number
from compare.content.text import Claim, Text
from compare.content.walk import within
from stripe_scan.catalogue import by_id


@dataclass
class Draft:
    """What was read: each entry that is right in itself with its file, and the ids of all (file, class, id)."""

    entries: list[tuple[str, Entry]] = field(default_factory=list)
    ids: list[tuple[str, type[Entry], str]] = field(default_factory=list)

    def ids_of(self, kind: type[Entry]) -> set[str]:
        """Return the ids of a class; none where its file could not be read, and then nothing can be missing in it."""
        return {entry for _, each, entry in self.ids if each is kind}


def problems_between(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong between the entries."""
    for (file, name), count in Counter((file, name) for file, _, name in draft.ids).items():
        if count > 1:
            yield Problem(file, name, f"{count} entries have this id: give each its own.")
    files = [entry for _, entry in draft.entries if isinstance(entry, File)]
    # A path that an entry with a mistake may give is not missing.
    shown = {file.path for file in files} if len(files) == len(draft.ids_of(File)) else set()
    for file, entry in draft.entries:
        for what in (
            *_evidence(entry, draft),
            *_references(entry, draft),
            *_links(entry, draft),
            *_line(entry, shown),
        ):
            yield Problem(file, entry.id, what)


def _evidence(entry: Any, draft: Draft) -> Iterator[str]:
    """Every claim has a source or a test, and so has every entry, of its own or of its claims."""
    claims = list(within(entry, Claim))
    for claim in claims:
        if not (claim.sources or claim.tests):
            yield f"the claim “{claim.text.en}” has no source and no test: add one."
    if not claims and not (entry.sources or entry.tests or isinstance(entry, Source)):
        yield "it has no source and no test: add one."
    named = {source for each in (entry, *claims) for source in each.sources}
    known = draft.ids_of(Source)
    for source in sorted(named - known) if known else ():
        yield f"the source {source} is not in sources.toml: add it there."


def _references(entry: Entry, draft: Draft) -> Iterator[str]:
    """What names another entry names one that is there."""
    if isinstance(entry, Arrow):
        yield from _missing("phase", entry.phase, draft.ids_of(Phase))
    elif isinstance(entry, Phase) and entry.closing:
        yield from _missing("closing", entry.closing, draft.ids_of(Closing))
    elif isinstance(entry, Parameter):
        yield from _missing("group", entry.group, draft.ids_of(Group))
    elif isinstance(entry, Exercise):
        yield from _missing("lesson", entry.lesson, draft.ids_of(Lesson))
    elif isinstance(entry, Rung):
        for story in entry.fails:
            yield from _missing("fails", story, draft.ids_of(LadderStory))
    elif isinstance(entry, LadderStory) and entry.scenario:
        yield from _missing("scenario", entry.scenario, draft.ids_of(Scenario))
    elif isinstance(entry, Step):
        for scenario in entry.scenarios:
            yield from _missing("scenarios", scenario, draft.ids_of(Scenario))
    elif isinstance(entry, Scenario):
        yield from _missing("group", entry.group, draft.ids_of(ScenarioGroup))
        for outcome in entry.outcomes:
            yield from _missing("rung", outcome.rung, draft.ids_of(Rung))
    elif isinstance(entry, EraOfPayments) and entry.id != entry.era:
        yield f"era is {entry.era}, and this entry is an era: write {entry.id}."
    if isinstance(entry, Parameter | Capability):
        for pattern in entry.patterns:
            yield from _missing("pattern", pattern, set(by_id()))


def _missing(name: str, value: str, known: set[str] | frozenset[str]) -> Iterator[str]:
    if known and value not in known:
        yield f"{name} is {value}, which does not exist: write one of {', '.join(sorted(known))}."


def _links(entry: Entry, draft: Draft) -> Iterator[str]:
    """A text links to terms that the glossary explains."""
    linked = {term for text in within(entry, Text) for term in text.terms}
    known = draft.ids_of(Term)
    for term in sorted(linked - known) if known else ():
        yield f"the linked word {term} is not in glossary.toml: add it there."


def _line(entry: Entry, shown: set[str]) -> Iterator[str]:
    """A note and an arrow lead to exactly one line of a file that is shown; an arrow may lead nowhere."""
    if not isinstance(entry, LineOfCode):
        return
    if not (entry.path or entry.function or entry.line) and not isinstance(entry, Note):
        return
    if not (entry.path and entry.line):
        yield "path and line belong together: write both."
    elif shown and entry.path not in shown:
        yield f"{entry.path} is shown on no page: add it to files.toml."
    else:
        try:
            line_number(entry.path, entry.function, entry.line)
        except (ValueError, OSError) as error:
            yield str(error)
