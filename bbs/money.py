"""Money: integers in the unit of Stripe's API from end to end; a person reads and types the currency's main unit."""

from __future__ import annotations

import copy
import functools
import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from babel.core import Locale
from babel.numbers import NumberPattern, format_currency, get_currency_symbol
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _


class Currency(NamedTuple):
    """How Stripe counts a currency: amounts have `decimals` digits after the point, and are multiples of `step`.

    `step` and `minimum`, the smallest charge, are in the API's unit.
    """

    decimals: int
    step: int
    minimum: int


# https://docs.stripe.com/currencies#presentment-currencies, by how their amounts are counted.
_TWO_DECIMAL = """
    aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc
    cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr jmd kes kgs khr kyd
    kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php
    pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah usd uyu uzs
    wst xcd xcg yer zar zmw
"""
# 2000 is ¥2,000, and not ¥20.00: https://docs.stripe.com/currencies#zero-decimal. UGX is there too, but see below.
_ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
# The last digit must be 0: https://docs.stripe.com/currencies?presentment-currency=AE#three-decimal
_THREE_DECIMAL = "bhd jod kwd omr tnd"
# 500 is UGX 5, and 501 is refused. https://docs.stripe.com/currencies#special-cases, which names HUF and TWD too:
# those are special for payouts only, and charged in hundredths.
_WHOLE = "isk ugx"
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts: for an account that is paid out in the
# currency; another one's minimum is what its own currency's comes to.
_MINIMUMS = {
    **dict.fromkeys("ars aud brl cad chf cop eur idr ils inr jpy krw nzd php rub sgd usd zar".split(), 50),
    **dict.fromkeys("aed myr pln ron".split(), 200),
    **dict.fromkeys("nok sek".split(), 300),
    **dict.fromkeys("mxn thb".split(), 1000),
    "czk": 1500,
    "dkk": 250,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
}
CURRENCIES = {
    code: Currency(decimals, step, _MINIMUMS.get(code, step))
    for codes, decimals, step in (
        (_TWO_DECIMAL, 2, 1),
        (_ZERO_DECIMAL, 0, 1),
        (_THREE_DECIMAL, 3, 10),
        (_WHOLE, 2, 100),
    )
    for code in codes.split()
}
_ANY_OTHER = Currency(2, 1, 1)

# Digits with or without commas at the thousands, and a point. "20,00" and "1.000.000" could mean two things.
_AMOUNT = re.compile(r"(?P<units>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<decimals>[0-9]+))?")
_LONGEST = 30


def format_money(amount: int, currency: str) -> str:
    """Write `amount` (API's unit) of `currency` (ISO code, either case) as the active language does: $20.00."""
    digits, locale, code = _shown_decimals(amount, currency), to_locale(get_language() or "en"), currency.upper()
    # A space separates a code or a word from the number: CLDR's currency spacing, which the locale library leaves out.
    apart = get_currency_symbol(code, locale)[-1].isalpha()
    pattern = _pattern(locale, digits, apart)
    return format_currency(_in_units(amount, currency), code, pattern, locale, currency_digits=False)


def plain_amount(amount: int, currency: str) -> str:
    """Write `amount` (API's unit) as `parse_amount` reads it, without its currency: 20.00, 500."""
    return f"{_in_units(amount, currency):.{_shown_decimals(amount, currency)}f}"


def parse_amount(text: str, currency: str) -> int:
    """Return what a person typed in the currency's main unit, in the API's unit: "20" or "20.00" of usd is 2000.

    Raises ValueError, in the active language, for what is no amount, or none that Stripe counts in this currency.
    """
    code, rule = currency.upper(), _rule(currency)
    example = plain_amount(500 * 10**rule.decimals, currency)
    text = unicodedata.normalize("NFKC", text[:_LONGEST]).strip()
    found = _AMOUNT.fullmatch(text) if len(text) < _LONGEST else None
    if not found:
        raise ValueError(
            _("Enter the amount in %(currency)s as a number, such as %(example)s.")
            % {"currency": code, "example": example}
        )
    units, decimals = found["units"].replace(",", ""), found["decimals"] or ""
    if len(decimals) > rule.decimals:
        too_precise = (
            _("%(currency)s has at most %(decimals)d decimals: enter an amount such as %(example)s.")
            if rule.decimals
            else _("%(currency)s has no decimals: enter a whole number, such as %(example)s.")
        )
        raise ValueError(too_precise % {"currency": code, "decimals": rule.decimals, "example": example})
    amount = int(units + decimals.ljust(rule.decimals, "0"))
    refuse_between_steps(amount, currency)
    return amount


def refuse_between_steps(amount: int, currency: str) -> None:
    """Raise ValueError, in the active language, for an `amount` (API's unit) with digits that Stripe wants to be 0."""
    if amount % (step := _rule(currency).step):
        raise ValueError(
            _("Stripe accepts %(currency)s only in steps of %(step)s.")
            % {"currency": currency.upper(), "step": format_money(step, currency)}
        )


def refuse_price(amount: int, currency: str) -> None:
    """Raise ValueError, in the active language, for an `amount` (API's unit) that Stripe would not charge."""
    refuse_between_steps(amount, currency)
    if amount < (minimum := _rule(currency).minimum):
        raise ValueError(
            _("Stripe's minimum in this currency is %(minimum)s.") % {"minimum": format_money(minimum, currency)}
        )


def _rule(currency: str) -> Currency:
    return CURRENCIES.get(currency.lower(), _ANY_OTHER)


def _in_units(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-_rule(currency).decimals)


def _shown_decimals(amount: int, currency: str) -> int:
    """Return how many decimals a person reads: none in a currency of whole units, unless an old amount has some."""
    decimals, step, _minimum = _rule(currency)
    return 0 if step == 10**decimals and amount % step == 0 else decimals


@functools.cache
def _pattern(locale: str, digits: int, apart: bool) -> NumberPattern:
    """Return the locale's pattern with Stripe's digits: the locale library gives a forint none, and Stripe two."""
    pattern = copy.copy(Locale.parse(locale).currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    if apart:
        pattern.prefix = tuple(prefix.replace("¤", "¤\N{NO-BREAK SPACE}") for prefix in pattern.prefix)
    return pattern
