"""The rules: functions that read one file of a kind and yield hits, by the ids of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from stripe_scan.findings import Hit

Rule = Callable[[Any], Iterator[Hit]]
# For each kind of file (python, page, script, requirements, text), its rules.
BY_KIND: dict[str, list[Rule]] = {}
# The ids of the catalogue that some rule finds.
FOUND: set[str] = set()


def finds(kind: str, *ids: str) -> Callable[[Rule], Rule]:
    """Register a rule for a kind of file, with the entries of the catalogue that it finds."""

    def register(rule: Rule) -> Rule:
        BY_KIND.setdefault(kind, []).append(rule)
        FOUND.update(ids)
        return rule

    return register


def load() -> None:
    """Import every module of rules, which registers them."""
    for file in sorted(Path(__file__).parent.glob("*.py")):
        if file.stem != "__init__":
            import_module(f"{__name__}.{file.stem}")
