"""Finding everything of a kind in the content, wherever it is nested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from msgspec import Struct

Kind = TypeVar("Kind")


def within(value: object, kind: type[Kind]) -> Iterator[Kind]:
    """Yield every object of a class in a value: in the fields of structs and in tuples, the outer before the inner."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, Struct):
        value = [getattr(value, name) for name in value.__struct_fields__]
    for part in value if isinstance(value, list | tuple) else ():
        yield from within(part, kind)
