"""Values with which a parameter out of the sandbox's part asks for nothing.

By stripe-python's types and what it says of them: an empty text where it unsets, the documented default, and the value
that leaves a feature off. `data/no_ops.toml` has what is known besides, and where these rules are wrong.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, get_origin

from .known_parameters import Parameter

_FILE = Path(__file__).parent / "data" / "no_ops.toml"
# Values that say that something is not wanted, or that nothing is said about it.
_OFF = frozenset({"default", "disabled", "never", "none", "unspecified"})
_SENTENCES = re.compile(r"(?<=\.)\s{1,20}|\n")
_WORDS = re.compile(r"\w{1,99}")
_A_NUMBER = re.compile(
    r"(?:defaults to|by default this value is) (\d{1,9})(?: days| seconds[^.]{0,99})?\.", re.IGNORECASE
)


def asks_for_nothing(parameter: Parameter, value: Any, path: str) -> bool:
    """Return whether a parameter, written as `customer_update[address]`, leaves all as it would be without it."""
    name = named(path)
    if name in _data()["never"]["names"].split():
        return False
    if isinstance(value, dict):
        # What is in an array is there because it is asked for.
        if not value or any(get_origin(part) is list for part in parameter.types):
            return False
        inner = {key: parameter.inner(key) for key in value}
        return all(one and asks_for_nothing(one, value[key], f"{path}[{key}]") for key, one in inner.items())
    return value in of(parameter) or (name, value) in also()


def of(parameter: Parameter) -> frozenset[str]:
    """Return the values that ask for nothing, by what stripe-python says of a parameter."""
    values = frozenset({"false", "true"}) if bool in parameter.types else parameter.values - {""}
    off = frozenset({"false"}) if bool in parameter.types else values & _OFF
    found = _defaults(parameter.about, values) or off
    if int in parameter.types:
        found |= set(_A_NUMBER.findall(parameter.about))
    return found | (parameter.values & {""})


def _defaults(about: str, values: frozenset[str]) -> frozenset[str]:
    """Return the one of `values` that a text calls the default; none where it calls several so."""
    found: set[str] = set()
    for sentence in _SENTENCES.split(about):
        if "default" in sentence.lower():
            words = {word.lower() for word in _WORDS.findall(sentence)}
            said = values & {word for word in words if not word.startswith("default")}
            found |= said if len(said) == 1 else set()
    return frozenset(found) if len(found) == 1 else frozenset()


def named(path: str) -> str:
    """Return a path with [] for each place of an array."""
    head, *keys = path.split("[")
    return "".join([head, *("[]" if key[:-1].isdecimal() else f"[{key}" for key in keys)])


@cache
def _data() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def also() -> frozenset[tuple[str, str]]:
    """Return each name with a value that asks for nothing, of those that no rule finds."""
    return frozenset((name, value) for value, names in _data()["also"].items() for name in names.split())
