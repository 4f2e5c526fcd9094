"""Searching the catalogue of old code: by words, and by where it is found, its step and what a tool may do."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, fields

from msgspec import structs

from compare.content import content
from stripe_scan.catalogue import by_id, patterns
from stripe_scan.catalogue.entries import Pattern

# Letters of a query that are read.
LONGEST_QUERY = 100
PLACES = ("py", "html", "js", "req", "test")
AUTOS = ("A", "S", "M")


def steps() -> tuple[str, ...]:
    """Return the steps of the migration guide, in their order."""
    return tuple(field.encode_name for field in structs.fields(type(content().labels.steps)))


@dataclass(frozen=True)
class Choice:
    """What a visitor asked for; what is empty chooses nothing."""

    q: str = ""
    place: str = ""
    step: str = ""
    auto: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Choice:
        """Return the choice in a query string: a value that does not exist chooses nothing."""
        allowed = {"place": PLACES, "step": steps(), "auto": AUTOS}
        values = {name: query.get(name, "") for name in allowed}
        return cls(
            q=" ".join(query.get("q", "")[:LONGEST_QUERY].split()),
            **{name: value for name, value in values.items() if value in allowed[name]},
        )

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, field.name) for field in fields(self))

    def takes(self, pattern: Pattern) -> bool:
        """Return whether an entry is one that was asked for."""
        return (
            self.place in ("", *places(pattern))
            and self.step in ("", pattern.step)
            and self.auto in ("", pattern.auto)
            and all(word in searched(pattern.id) for word in self.q.lower().split())
        )


def places(pattern: Pattern) -> tuple[str, ...]:
    """Return where a pattern is found: in the files of tests, or in those of its languages."""
    return ("test",) if pattern.kind == "test" else tuple(name for name in PLACES if name in pattern.languages)


@functools.cache
def searched(name: str) -> str:
    """Return all that is searched for a word: an entry in both languages, in lower case."""
    pattern = by_id()[name]
    texts = (pattern.title, pattern.today, pattern.seen, pattern.becomes)
    both = [f"{text.en} {text.ja}" for text in texts if text]
    code = [f"{example.before} {example.answer} {example.after}" for example in pattern.example]
    return " ".join([pattern.id, pattern.looks_like, *both, *code]).lower()


def chosen(choice: Choice) -> list[tuple[str, list[Pattern]]]:
    """Return the entries that were asked for, by the step of the guide in which each is changed."""
    found = [pattern for pattern in patterns() if choice.takes(pattern)]
    groups = [(step, [pattern for pattern in found if pattern.step == step]) for step in steps()]
    return [(step, group) for step, group in groups if group]
