"""`[tool.stripe-scan]` of the scanned project: select, skip and exclude."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stripe_scan.catalogue import by_id

KEYS = ("select", "skip", "exclude")


class WrongSettings(ValueError):
    """The settings of the scanned project cannot be used, with the reason as its text."""


@dataclass(frozen=True)
class Settings:
    """Lists of the ids of rules to report and to leave out, and of patterns of paths that are not read."""

    select: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def read(top: Path) -> Settings:
    """Return the settings of a project; none where its pyproject.toml has none or cannot be read.

    Raises WrongSettings for unknown keys, values of the wrong type, and unknown rules.
    """
    try:
        data = tomllib.loads((top / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Settings()
    tool = data.get("tool")
    table: Any = tool.get("stripe-scan", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise WrongSettings("tool.stripe-scan is no table")
    for key, value in table.items():
        if key not in KEYS:
            raise WrongSettings(f"tool.stripe-scan.{key} is no setting: write one of {', '.join(KEYS)}")
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise WrongSettings(f"tool.stripe-scan.{key} is no list of texts")
    settings = Settings(**{key: tuple(value) for key, value in table.items()})
    check([*settings.select, *settings.skip])
    return settings


def check(names: list[str]) -> None:
    """Raise WrongSettings for a name that is no rule."""
    unknown = [name for name in names if name not in by_id()]
    if unknown:
        raise WrongSettings(f"no such rule: {', '.join(unknown)}. --list-rules shows them all")
