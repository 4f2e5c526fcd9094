"""Searching the rows of the page of parameters."""

from __future__ import annotations

import functools

from compare.content import content
from compare.content.entries import Parameter


@functools.cache
def search_words(row: Parameter) -> str:
    """Return all that is searched for a word: the row in both languages, in lower case."""
    texts = [
        getattr(content().labels.replacements, row.replacement),
        *(claim.text for claim in (row.where, row.pitfall) if claim),
    ]
    both = [f"{text.en} {text.ja}" for text in texts]
    return " ".join([row.name, row.old, row.new, *row.shows, *both]).lower()


def matching(query: str) -> set[str]:
    """Return the ids of the rows in which every word of a query occurs, in either language."""
    words = query.lower().split()
    return {row.id for row in content().parameters.rows if all(word in search_words(row) for word in words)}
