"""Values with which a parameter out of the sandbox's part asks for nothing: `data/no_ops.toml`, with its sources."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "data" / "no_ops.toml"


def asks_for_nothing(value: Any, path: str) -> bool:
    """Return whether a parameter, written as `customer_update[address]`, leaves all as it would be without it."""
    if isinstance(value, dict):
        return bool(value) and all(asks_for_nothing(inner, f"{path}[{key}]") for key, inner in value.items())
    return (_name(path), value or "empty") in values()


def _name(path: str) -> str:
    """Return a path with [] for each place of an array."""
    head, *keys = path.split("[")
    return "".join([head, *("[]" if key[:-1].isdecimal() else f"[{key}" for key in keys)])


@cache
def values() -> frozenset[tuple[str, str]]:
    """Return each parameter's name with a value that asks for nothing; `empty` is an empty text."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return frozenset((name, value) for value, table in tables.items() for name in table["names"].split())
