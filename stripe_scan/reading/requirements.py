"""The packages that a project asks for: requirement files, project files and lock files, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# What a version condition begins with.
SIGNS = "=<>~!^"


@dataclass(frozen=True)
class Wanted:
    """A package with its version condition, "" for any, as it is written."""

    name: str
    versions: str
    line: int


@dataclass
class Requirements:
    """What the rules for requirement files look at."""

    path: str
    packages: list[Wanted]


def read(path: str, text: str) -> Requirements:
    """Return the packages of a file; raises nothing, whatever the text."""
    name = path.lower().rpartition("/")[2]
    lines = text.split("\n")
    if name.endswith(".lock"):
        return Requirements(path, list(_locked(lines)))
    if name.endswith((".py", ".toml", ".cfg")) or name == "pipfile":
        return Requirements(path, list(_in_a_project_file(lines)))
    return Requirements(path, list(_listed(lines)))


def normal(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(".", "-")


def apart(requirement: str) -> tuple[str, str]:
    """Return the name and the version condition of a requirement such as `stripe[async]>=2,<3 ; python_version…`."""
    text = requirement.partition(";")[0].partition(" #")[0].strip()[:300]
    end = next((place for place, letter in enumerate(text) if letter in SIGNS + "[ (@"), len(text))
    versions = text[end:].lstrip()
    if versions.startswith("["):
        versions = versions.partition("]")[2]
    return normal(text[:end]), versions.strip(" ()\\")


def _listed(lines: list[str]) -> Iterator[Wanted]:
    for number, line in enumerate(lines, 1):
        text = line.strip().removeprefix("- ")
        if text and text[0].isalpha():
            name, versions = apart(text.partition(" --")[0])
            yield Wanted(name, versions, number)


def _locked(lines: list[str]) -> Iterator[Wanted]:
    """Yield the packages of poetry.lock, uv.lock and pdm.lock, and of Pipfile.lock."""
    name, where = "", 0
    for number, line in enumerate(lines, 1):
        key, _, value = line.strip().partition("=" if " = " in line else ":")
        key, value = key.strip(' "'), value.strip(' ",{')
        if key == "name" and " = " in line:
            name, where = normal(value), number
        elif line.strip().endswith(": {"):
            name, where = normal(key), number
        elif key == "version" and name:
            yield Wanted(name, value if value.startswith("=") else f"=={value}", where)
            name = ""


def _in_a_project_file(lines: list[str]) -> Iterator[Wanted]:
    """Yield the packages of pyproject.toml, Pipfile, setup.cfg and setup.py: quoted, by key, or one a line."""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith(("#", "name=", "name =")):  # the project's own name is no package it asks for
            continue
        key, equals, value = text.partition(" = ")
        if equals and key.strip('"').replace("-", "").replace("_", "").isalnum() and "[" not in value[:1]:
            version = value.partition("version")[2].partition("=")[2] if "{" in value[:1] else value
            yield Wanted(normal(key.strip('"')), _versions_of(version), number)
            continue
        quoted = [part for quote in "\"'" for part in text.split(quote)[1::2]]
        for part in quoted or [text]:
            if part[:1].isalpha() and len(part) < 200:
                yield Wanted(*apart(part), number)


def _versions_of(value: str) -> str:
    version = value.strip().strip("{} ").split('"')[1] if '"' in value else value.strip("'\" ")
    return f"=={version}" if version[:1].isdigit() else version.removeprefix("*")
