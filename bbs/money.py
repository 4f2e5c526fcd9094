"""Money: integers in the currency's smallest unit from end to end, formatted only where a person reads them."""

from __future__ import annotations

import copy
import functools
from decimal import Decimal

from babel.core import Locale
from babel.numbers import NumberPattern, format_currency
from django.utils.translation import get_language, to_locale

# https://docs.stripe.com/currencies#zero-decimal — 2000 is ¥2,000, and not ¥20.00
ZERO_DECIMAL = frozenset(
    ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf")
)
# https://docs.stripe.com/currencies#three-decimal
THREE_DECIMAL = frozenset(("bhd", "jod", "kwd", "omr", "tnd"))


def decimals(currency: str) -> int:
    """Return how many digits of an amount are below the currency's main unit."""
    code = currency.lower()
    return 0 if code in ZERO_DECIMAL else 3 if code in THREE_DECIMAL else 2


def format_money(amount: int, currency: str) -> str:
    """Write `amount` (smallest unit) of `currency` (ISO code, either case) as the active language does."""
    digits, locale = decimals(currency), to_locale(get_language() or "en")
    major = Decimal(amount).scaleb(-digits)
    return format_currency(major, currency.upper(), _pattern(locale, digits), locale, currency_digits=False)


@functools.cache
def _pattern(locale: str, digits: int) -> NumberPattern:
    """Return the locale's pattern with Stripe's digits: the locale library gives a forint none, and Stripe two."""
    pattern = copy.copy(Locale.parse(locale).currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    return pattern
