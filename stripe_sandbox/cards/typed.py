"""Card fields as people type and paste them; static/stripe_sandbox/card_fields.js has the same rules."""

from __future__ import annotations

import re
import unicodedata

# Characters of a field: with spaces, more than any card has.
_LONGEST = 50
# What keyboards write for "-" and "/": dashes, the minus sign, and the two signs of a Japanese keyboard.
_SIGNS = str.maketrans("‐‒–—―−ー・", "-------/")


def plain(text: str) -> str:
    """Return `text` with ASCII digits and signs for full-width ones; "" for one longer than any card field."""
    if len(text) > _LONGEST:
        return ""
    seen = (sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return "".join(seen).translate(_SIGNS).strip()


def number(text: str) -> str:
    """Return a card number without what groups its digits: spaces, hyphens, full stops."""
    return "".join(sign for sign in plain(text) if not sign.isspace() and sign not in "-.")


def security_code(text: str) -> str:
    return "".join(plain(text).split())


def expiry(text: str) -> tuple[int, int]:
    """Return month and year of `MM / YY`, `MMYY`, `MM-YYYY` and the like; (0, 0) for what is no date."""
    match = re.fullmatch(r"([0-9]{1,2})[/\-.]?([0-9]{4}|[0-9]{2})", "".join(plain(text).split()))
    return (int(match[1]), int(match[2])) if match else (0, 0)
