"""Reading the files: each field of each entry against its type, and then the files against each other."""

from __future__ import annotations

import tomllib
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from compare.content.checks import Draft, problems_between
from compare.content.entries import Entry
from compare.content.errors import ContentError, Problem
from compare.content.schema import Content

FOLDER = Path(__file__).parent


def load(folder: Path) -> Content:
    """Return the content of a folder. Raises ContentError with everything that is wrong in any of its files."""
    problems: list[Problem] = []
    draft = Draft()
    parts: dict[str, Any] = {}
    for part in fields(Content):
        file = f"{part.name}.toml"
        tables = _read(folder / file, problems)
        if tables is not None:
            found = list(_problems_in(file, tables, part.type, draft))
            problems += found
            parts[part.name] = None if found else msgspec.convert(tables, part.type)
    problems += problems_between(draft)
    if problems:
        raise ContentError(problems)
    return Content(**parts)


def _read(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(Problem(path.name, "", "the file is missing: add it."))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(Problem(path.name, "", f"the file is not TOML in UTF-8: {error}."))
    return None


def _problems_in(file: str, tables: dict[str, Any], kind: type, draft: Draft) -> Iterator[Problem]:
    """Check a file table by table, and enter what is right in the draft."""
    known = {field.encode_name: field for field in fields(kind)}
    for name in sorted(tables.keys() - known.keys()):
        yield Problem(file, "", f"the table [{name}] is unknown: write one of {', '.join(known)}.")
    for name, field in known.items():
        value = tables.get(name)
        if not _is_list_of_entries(field):
            yield from (Problem(file, name, what) for what in _faults(field.type, value or {}))
        elif not isinstance(value, list) or not value:
            yield Problem(file, "", f"there is no entry [[{name}]]: add one.")
        else:
            for number, table in enumerate(value, start=1):
                yield from _problems_of_entry(file, f"{name} {number}", table, field, draft)


def _problems_of_entry(file: str, place: str, table: object, field: FieldInfo, draft: Draft) -> Iterator[Problem]:
    kind = get_args(field.type)[0]
    own = table.get("id") if isinstance(table, dict) else None
    entry = own if isinstance(own, str) and own else place
    draft.ids.append((file, kind, entry))
    try:
        draft.entries.append((file, msgspec.convert(table, kind)))
    except msgspec.ValidationError:
        yield from (Problem(file, entry, what) for what in _faults(kind, table))


def _is_list_of_entries(field: FieldInfo) -> bool:
    return get_origin(field.type) is tuple and issubclass(get_args(field.type)[0], Entry)


def _faults(kind: Any, value: object, path: str = "") -> Iterator[str]:
    """Yield what is wrong with a value and what to write instead, field by field of structs."""
    kind = _without_none(kind)
    if not _is_struct(kind) or not isinstance(value, dict):
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError:
            yield f"{path or 'the entry'} is {_shortened(value)}: write {_meant(kind)}."
        return
    known = {field.encode_name: field for field in fields(kind)}
    for name in sorted(value.keys() - known.keys()):
        yield f"{_joined(path, name)} is unknown: write one of {', '.join(known)}."
    for name, field in known.items():
        if name in value:
            yield from _faults(field.type, value[name], _joined(path, name))
        elif field.required:
            yield f"{_joined(path, name)} is missing: write {_meant(_without_none(field.type))}."


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _shortened(value: object) -> str:
    written = repr(value)
    return written if len(written) <= 60 else f"{written[:60]}…"


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _without_none(kind: Any) -> Any:
    """Return the type of a field that may be left out."""
    if get_origin(kind) in (Union, types.UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def _meant(kind: Any) -> str:
    """Say in words what a type allows."""
    if get_origin(kind) is Annotated:
        return kind.__metadata__[0].description
    if get_origin(kind) is Literal:
        return f"one of {', '.join(get_args(kind))}"
    if get_origin(kind) is tuple:
        return f"a list in which each item is {_meant(get_args(kind)[0])}"
    if _is_struct(kind):
        return f"a table with {', '.join(field.encode_name for field in fields(kind) if field.required)}"
    return {str: "a text", bool: "true or false", int: "a whole number"}[kind]
