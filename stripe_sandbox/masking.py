"""Card numbers and security codes: masked wherever a refusal quotes them or a log keeps them."""

from __future__ import annotations

import logging
import re
from typing import Any

MASK = "••••"
# Characters: more than any answer that the request log keeps.
_LONGEST = 200_000

# Names of parameters, without what is no letter, under which nothing is shown.
_SECRET = {"number", "cardnumber", "ccnumber", "pan", "cvc", "cardcvc", "cvv", "csc", "securitycode"}

# 13 digits or more, of which the first is a card network's: together, or in groups as people write them, where a letter
# beside them marks a UUID. And a security code beside its name, in a form or a message.
_NUMBER = re.compile(
    r"(?<!\d)[2-6２-６]\d{12,}"
    r"|(?<![A-Za-z\d])[2-6２-６](?:(?:%20|[\s.+_‐-―−ー－-]){0,3}\d){12,127}(?![A-Za-z\d])"
)
_CODE = re.compile(r"((?:cvc|cvv|csc)\d?(?:\W|%[\dA-F]{2}){1,8})\d{3,4}(?!\d)", re.IGNORECASE)


def text(quoted: str) -> str:
    """Return a text without the recognizable card numbers and security codes."""
    return _CODE.sub(rf"\1{MASK}", _NUMBER.sub(MASK, quoted[:_LONGEST]))


def params(given: dict[str, Any]) -> dict[str, Any]:
    """Return nested parameters without what is under a card's secret names, and without card numbers elsewhere."""
    return {text(name): MASK if is_secret(name) else _value(value) for name, value in given.items()}


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return params(value)
    return text(value) if isinstance(value, str) else value


def is_secret(name: str) -> bool:
    """Return whether the parameter of this name holds a card number or a security code."""
    return re.sub(r"[^a-z]", "", name[:100].lower()) in _SECRET


def is_below_secret(path: str) -> bool:
    """Return whether a parameter such as `card[number][0]` is within a secret one."""
    return any(is_secret(name) for name in path[:1000].split("["))


def in_log(record: logging.LogRecord) -> bool:
    """Mask the arguments of a line for the log: addresses are logged, and an address may carry a card. Always True."""
    if isinstance(record.args, tuple):
        record.args = tuple(text(value) if isinstance(value, str) else value for value in record.args)
    return True
