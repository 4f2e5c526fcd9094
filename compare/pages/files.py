"""The files that the code pages show, and the addresses of lines and tests on them."""

from __future__ import annotations

from compare.content import content
from compare.content.entries import LineOfCode

FILES = content().files.files
BY_PATH = {file.path: file for file in FILES}


def address_of_line(entry: LineOfCode) -> str:
    """Return the address of the line that an entry is about; empty where it is about none."""
    if not entry.path:
        return ""
    file = BY_PATH[entry.path]
    return f"{file.url}#{file.slug}-L{entry.number}"


def address_of_test(test: str) -> str:
    """Return the address of a test, written `file::function`, on its code page; empty where it is not shown."""
    path, _, name = test.partition("::")
    if path not in BY_PATH:
        return ""
    file = BY_PATH[path]
    return f"{file.url}#{file.slug}-{name.partition('::')[0]}"
