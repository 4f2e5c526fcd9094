"""Spoiling a copy of the content, and reading what the loader reports of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compare.content import loader
from compare.content.errors import ContentError


def replace(folder: Path, file: str, old: str | re.Pattern[str], new: str) -> None:
    """Write something else where a piece of a file is for the first time. Teaching texts are given as patterns."""
    pattern = old if isinstance(old, re.Pattern) else re.compile(re.escape(old))
    text, count = pattern.subn(lambda _: new, (folder / file).read_text(encoding="utf-8"), count=1)
    assert count == 1
    (folder / file).write_text(text, encoding="utf-8")


def mistakes(folder: Path) -> list[str]:
    """Return what is wrong with a folder, one line for each mistake."""
    with pytest.raises(ContentError) as caught:
        loader.load(folder)
    assert str(caught.value).splitlines()[0] == (f"mistakes in compare/content/: {len(caught.value.problems)}")
    return [line.removeprefix("  ") for line in str(caught.value).splitlines()[1:]]
