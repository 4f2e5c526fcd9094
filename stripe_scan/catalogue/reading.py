"""Reads the catalogue's files, and says everything that is wrong with them at once."""

from __future__ import annotations

import dataclasses
import functools
import tomllib
import types
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from stripe_scan.catalogue.entries import Catalogue, Pattern, Release

# The entries of the files, by the names of their tables.
KINDS: dict[str, type[Pattern | Release]] = {"pattern": Pattern, "release": Release}


class CatalogueError(ValueError):
    """The catalogue cannot be used as it is."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(["the catalogue of old code has mistakes:", *(f"  {each}" for each in problems)]))


def read(folder: Path) -> Catalogue:
    """Return the entries of a folder's files, by the files' names. Raises CatalogueError, OSError."""
    problems: list[str] = []
    entries: dict[str, list[Any]] = {name: [] for name in KINDS}
    for file in sorted(folder.glob("*.toml")):
        try:
            tables = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(f"{file.name}: {error}")
            continue
        problems += [
            f"{file.name}: {name} is no table: write one of {', '.join(KINDS)}" for name in tables if name not in KINDS
        ]
        for name, kind in KINDS.items():
            for table in tables.get(name, []):
                entry, wrong = _entry(table, kind)
                named = table.get("id") or table.get("major") or "an entry without an id"
                problems += [f"{file.name}, {named}: {each}" for each in wrong]
                entries[name] += [] if wrong else [entry]
    counted = Counter(pattern.id for pattern in entries["pattern"])
    problems += [f"{name}: {count} entries have this id" for name, count in counted.items() if count > 1]
    if problems:
        raise CatalogueError(problems)
    return Catalogue(patterns=tuple(entries["pattern"]), releases=tuple(entries["release"]))


def _entry(table: dict[str, Any], kind: type[Pattern | Release]) -> tuple[Any, list[str]]:
    """Return the entry of a table, and what is wrong with it."""
    if wrong := list(mistakes(table, kind)):
        return None, wrong
    entry = build(table, kind)
    return entry, list(_missing(entry) if isinstance(entry, Pattern) else _unfounded(entry))


def _unfounded(release: Release) -> Iterator[str]:
    """What a release says without a run and without a source."""
    if any((change.basis == "run") != bool(change.old and change.sdk and change.before) for change in release.change):
        yield "a change that was run has old, sdk and before, and no other does"
    if any(not change.sdk and not change.sources for change in release.change):
        yield "a change that was not run has a source: add it"


def _missing(pattern: Pattern) -> Iterator[str]:
    """What an entry lacks whose fields are right, each in itself."""
    if not pattern.sources and not any(example.answer for example in pattern.example):
        yield "it has no source and no example that was run: add one"
    if not pattern.inside and not pattern.elsewhere:
        yield "it is outside our part: say in elsewhere where to go on"
    versions = [version for example in pattern.example for version in example.version]
    if any((version.basis == "run") != bool(version.sdk) for version in versions):
        yield "a version that was run names the releases in sdk, and no other does"
    if any(version.answer and version.basis == "changelog" for version in versions):
        yield "a changelog has no answers: describe in text what it says"


def mistakes(value: object, kind: Any, name: str = "") -> Iterator[str]:
    """Yield what is wrong with a value of a file where an annotation says what it should be."""
    kind = _without_none(kind)
    if dataclasses.is_dataclass(kind):
        yield from _mistakes_of_table(value, kind, name)
    elif get_origin(kind) is tuple and isinstance(value, list):
        for number, item in enumerate(value):
            yield from mistakes(item, get_args(kind)[0], f"{name}[{number}]")
    elif not _fits(value, kind, name):
        yield f"{name} is {value!r:.60}: write {_meant(kind)}"


def build(value: Any, kind: Any) -> Any:
    """Return a value of a file, free of mistakes, as the type of its annotation."""
    kind = _without_none(kind)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{key: build(each, hints[key]) for key, each in value.items()})
    if get_origin(kind) is tuple:
        return tuple(build(each, get_args(kind)[0]) for each in value)
    return value.strip() if isinstance(value, str) else value


def _mistakes_of_table(value: object, kind: Any, name: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{name} is {value!r:.60}: write a table"
        return
    fields = {field.name: field for field in dataclasses.fields(kind)}
    hints = _hints(kind)
    for key in value.keys() - fields.keys():
        yield f"{_joined(name, key)} is no field: write one of {', '.join(fields)}"
    for key, field in fields.items():
        if key in value:
            yield from mistakes(value[key], hints[key], _joined(name, key))
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            yield f"{_joined(name, key)} is missing: write {_meant(_without_none(hints[key]))}"


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    """Return the types of a dataclass's fields: to read the annotations takes longer than to read an entry."""
    return get_type_hints(kind)


def _fits(value: object, kind: Any, name: str) -> bool:
    if name == "id":
        return isinstance(value, str) and all(part.isalnum() and part.islower() for part in value.split("-"))
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if get_origin(kind) is Mapping or kind is Mapping:
        return isinstance(value, dict)
    if kind is str:
        return isinstance(value, str) and (bool(value.strip()) or name == "api")
    return type(value) is kind


def _joined(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def _meant(kind: Any) -> str:
    """Say in words what an annotation allows."""
    if get_origin(kind) is Literal:
        return f"one of {', '.join(repr(each) for each in get_args(kind))}"
    if get_origin(kind) is tuple:
        return f"a list in which each item is {_meant(get_args(kind)[0])}"
    if dataclasses.is_dataclass(kind) or kind not in (str, int, bool):
        return "a table"
    return {str: "a text", int: "a whole number", bool: "true or false"}[kind]
