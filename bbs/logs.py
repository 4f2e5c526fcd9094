"""What the log must never contain, from any logger: keys, card tokens, card numbers, e-mail addresses, receipt links.

Our own lines hold none. An error's text may: PostgreSQL quotes the row that it refuses, and Stripe the parameter.
"""

from __future__ import annotations

import logging
import re

HIDDEN = "•••"
LONGEST, LONGEST_SECRET = 20_000, 300  # characters of a line, and of what is private in it

# Each alternative begins where nothing of its kind precedes it, so that no text costs more than its length.
_PRIVATE = re.compile(
    r"""
      (?P<kind>\b(?:[srp]k_(?:test|live)|whsec|tok|(?:seti|pi|cs|ek)_\w+_secret)_|/payments/[\da-f-]{36}/)[\w:-]+
    | (?<![\w-])\d{4}(?:[\ -]?\d{4}){2}[\ -]?\d{1,7}(?![\w-])
    | (?<![\w-])\d{4}[\ -]\d{6}[\ -]\d{4,5}(?![\w-])
    | (?<![\w.%+-])[\w.%+-]+(?:@|%40)[\w.-]+
    """,
    re.VERBOSE,
)
# Nearly every line has none of the signs of what is private: they are found in a fifth of the pattern's time.
_SIGNS = ("k_test_", "k_live_", "whsec_", "tok_", "_secret_", "/payments/", "@", "%40")
_DIGITS = re.compile(r"\d{4}[ -]?\d{4}[ -]?\d{2}")


class MaskingFormatter(logging.Formatter):
    """Mask all that is private in a finished line, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def masked(text: str) -> str:
    """Return a text without keys, card tokens, card numbers and addresses; of a key or token its kind stays.

    Of a text of any length the middle is left out: a visitor may have written it.
    """
    if len(text) <= LONGEST:
        return _masked(text)
    # The cut may go through what is private, of which the pattern then saw too little: that goes too.
    begin, end = _masked(text[: LONGEST // 2]), _masked(text[-LONGEST // 2 :])
    return f"{begin[:-LONGEST_SECRET]} … {end[LONGEST_SECRET:]}"


def _masked(text: str) -> str:
    if not (any(map(text.__contains__, _SIGNS)) or _DIGITS.search(text)):
        return text
    return _PRIVATE.sub(lambda found: f"{found['kind'] or ''}{HIDDEN}", text)
