"""The scanner's sentences in the language of the machine, as far as it is English or Japanese."""

from __future__ import annotations

import functools
import locale
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from stripe_scan.catalogue import by_id
from stripe_scan.catalogue.entries import Step, Text

STEPS: tuple[str, ...] = get_args(Step)
# Where the board's pages explain a rule, once `python3 run.py` serves them.
SITE = "http://127.0.0.1:8000"


def language() -> str:
    """Return "ja" or "en", by the environment."""
    spoken = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    spoken += [locale.getlocale()[0]] if os.name == "nt" else []
    return "ja" if next(filter(None, spoken), "").lower().startswith("ja") else "en"


@functools.cache
def _all() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


def say(name: str, lang: str, /, **values: object) -> str:
    """Return a sentence with its values."""
    text = _all()
    for part in name.split(" "):
        text = text[part]
    return str(text[lang]).format(**values)


def step(name: str, lang: str) -> str:
    return say(f"step {name}", lang)


def of(text: Text | None, lang: str) -> str:
    """Return a text of the catalogue in a language, "" for none."""
    return getattr(text, lang) if text else ""


def labelled(name: str, text: str, lang: str) -> str:
    """Return a text after its name and a colon."""
    return say(name, lang) + (": " if lang == "en" else "：") + text


def message(rule: str, detail: str, lang: str) -> str:
    """Return what a finding says: the rule's title, what is masked or pinned, and what happens today."""
    pattern = by_id()[rule]
    title = of(pattern.title, lang).replace("`", "")
    today = of(pattern.today, lang).replace("`", "")
    mark = ": " if lang == "en" else "："
    return title + (f" ({detail})" if detail else "") + (mark + today if today else "")


def link(rule: str = "", site: str = SITE) -> str:
    """Return where a rule, or the whole catalogue, is explained."""
    return f"{site}/compare/old-code/" + (f"{rule}/" if rule else "")
