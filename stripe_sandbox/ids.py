"""Ids with Stripe's prefixes, lengths and alphabet."""

from __future__ import annotations

import secrets
import string

ALPHABET = string.ascii_letters + string.digits
_ACCOUNT_PART = "SandboxBrd"
_FAMILY = 5

# What follows the prefix: objects of the payments family carry a digit, a time part and the account's part.
_SHORT = {"cus": 14, "prod": 14, "req": 14}


def text(length: int) -> str:
    """Return `length` random letters and digits."""
    number, letters = secrets.randbelow(len(ALPHABET) ** length), []
    for _ in range(length):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def digits(length: int) -> str:
    """Return `length` random decimal digits."""
    return f"{secrets.randbelow(10**length):0{length}}"


def new(prefix: str, *, generation: str = "1") -> str:
    """Return a fresh id; `generation` is "3" for a payment intent and all that comes from it."""
    if prefix in _SHORT:
        return f"{prefix}_{text(_SHORT[prefix])}"
    if prefix == "cs_test":
        return f"cs_test_a1{text(56)}"
    return f"{prefix}_{generation}{text(_FAMILY)}{_ACCOUNT_PART}{text(8)}"


def sibling(other: str, prefix: str) -> str:
    """Return a fresh id that shares its first part with `other`, as a payment intent's charge and events do."""
    stem = other.partition("_")[2][: 1 + _FAMILY + len(_ACCOUNT_PART)]
    return f"{prefix}_{stem}{text(8)}"
