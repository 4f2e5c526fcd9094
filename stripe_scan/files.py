"""The files of a project: which of them are read, as what, and in which encoding."""

from __future__ import annotations

import os
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path

# Folders that hold no code of the project itself.
LEFT_OUT = set(
    ".git .hg .svn .tox .nox .venv venv virtualenv node_modules bower_components __pycache__ .mypy_cache .ruff_cache "
    ".pytest_cache .eggs site-packages .idea .vscode .cache htmlcov".split()
)
KINDS = {
    ".py": "python",
    ".pyw": "python",
    ".html": "page",
    ".htm": "page",
    ".jinja": "page",
    ".jinja2": "page",
    ".j2": "page",
    ".djhtml": "page",
    ".haml": "page",
    ".vue": "page",
    ".js": "script",
    ".jsx": "script",
    ".mjs": "script",
    ".cjs": "script",
    ".ts": "script",
    ".tsx": "script",
    ".coffee": "script",
    ".css": "style",
    ".scss": "style",
    ".less": "style",
    ".rb": "other",
    ".php": "other",
}
PROJECT_FILES = set(
    "pipfile pipfile.lock pyproject.toml setup.py setup.cfg poetry.lock uv.lock pdm.lock environment.yml "
    "environment.yaml".split()
)
# Bytes of the largest file that is read; a longer one is data or a bundle.
LARGEST = 1_000_000
# A line as long as this is a machine's.
LONGEST_LINE = 5_000

# Why a file is not read, besides what the operating system says.
NOT_REGULAR = "not a regular file"
TOO_LARGE = f"larger than {LARGEST // 1_000_000} MB"
NOT_A_TEXT = "not a text"


class Unreadable(Exception):
    """A file cannot be read, with the reason as its text."""


@dataclass(frozen=True)
class Source:
    """A file to be read: its path from the scanned folder with forward slashes, and its kinds."""

    place: Path
    path: str
    kinds: tuple[str, ...]


def kinds(path: str) -> tuple[str, ...]:
    """Return what a file is read as, by its name and its folder."""
    folder, _, lower = path.lower().rpartition("/")
    suffix = Path(lower).suffix
    found = [KINDS[suffix]] if suffix in KINDS else []
    is_named = "require" in lower or "constraint" in lower or "requirements" in folder.split("/")
    is_list = lower.endswith((".txt", ".in", ".pip")) and is_named
    if lower in PROJECT_FILES or is_list:
        found.append("requirements")
    return tuple(found)


def walk(
    top: Path, exclude: tuple[str, ...] = (), refused: Callable[[OSError], None] = lambda error: None
) -> Iterator[Source]:
    """Yield the files of a folder that are read, sorted by path; links to folders are not followed.

    `refused` is called for a folder that cannot be listed.
    """
    if top.is_file():
        yield Source(top, top.name, kinds(top.name) or ("page",))
        return
    for folder, folders, names in os.walk(top, onerror=refused, followlinks=False):
        here = Path(folder)
        relative = here.relative_to(top).as_posix()
        prefix = "" if relative == "." else f"{relative}/"
        folders[:] = sorted(one for one in folders if not _is_left_out(here / one, f"{prefix}{one}", exclude))
        for name in sorted(names):
            path = prefix + name
            found = kinds(path)
            if found and not any(fnmatch(path, pattern) for pattern in exclude):
                yield Source(here / name, path, found)


def is_left_out(name: str) -> bool:
    """Return whether a folder of this name holds no code of the project itself."""
    return name in LEFT_OUT or name.endswith(".egg-info")


def _is_left_out(folder: Path, path: str, exclude: tuple[str, ...]) -> bool:
    if is_left_out(folder.name):
        return True
    if any(fnmatch(path, pattern.rstrip("/")) for pattern in exclude):
        return True
    return (folder / "pyvenv.cfg").exists()


def read(source: Source) -> bytes:
    """Return a file's bytes; raises Unreadable for a file that is none, too large, or not permitted."""
    try:
        status = source.place.stat()
        if not source.place.is_file():
            raise Unreadable(NOT_REGULAR)
        if status.st_size > LARGEST:
            raise Unreadable(TOO_LARGE)
        return source.place.read_bytes()
    except OSError as error:
        raise Unreadable(error.strerror or type(error).__name__) from None


def decode(data: bytes, is_python: bool) -> str:
    """Return the text of a file, by its mark or its declared encoding; raises Unreadable for a binary one."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data[:8000]:
        raise Unreadable(NOT_A_TEXT)
    encoding = "utf-8-sig"
    if is_python:
        try:
            encoding = tokenize.detect_encoding(BytesIO(data).readline)[0]
        except SyntaxError:
            encoding = "latin-1"
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        text = data.decode("latin-1")
    return text.removeprefix("\ufeff")


def is_minified(path: str, text: str) -> bool:
    """Return whether a script is written for machines: a bundle, or a library beside its source."""
    lower = path.lower()
    if ".min." in lower or ".bundle." in lower:
        return True
    return len(text) > LONGEST_LINE and max(map(len, text.split("\n"))) > LONGEST_LINE
