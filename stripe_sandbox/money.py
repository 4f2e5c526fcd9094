"""Currencies: how Stripe counts each, how little and how much may be charged, how an amount is written."""

from __future__ import annotations

import copy
import functools
from decimal import Decimal
from typing import NamedTuple

from babel.core import Locale
from babel.numbers import NumberPattern, format_currency, get_currency_symbol

from .assumptions import MAXIMUM


class Currency(NamedTuple):
    """How Stripe counts a currency: amounts have `decimals` digits after the point, and are multiples of `step`.

    `step`, `minimum` and `maximum`, the smallest and the largest charge, are in the API's unit.
    """

    decimals: int
    step: int
    minimum: int
    maximum: int


# https://docs.stripe.com/currencies#presentment-currencies, by how their amounts are counted.
_TWO_DECIMAL = """
    aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc
    cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr jmd kes kgs khr kyd
    kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php
    pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah usd uyu uzs
    wst xcd xcg yer zar zmw
"""
# https://docs.stripe.com/currencies#zero-decimal. UGX is there too, but see below.
_ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
# The last digit must be 0: https://docs.stripe.com/currencies?presentment-currency=AE#three-decimal
_THREE_DECIMAL = "bhd jod kwd omr tnd"
# Counted in hundredths that must be 00: https://docs.stripe.com/currencies#special-cases. HUF and TWD, the other two
# there, are special for payouts only.
_WHOLE = "isk ugx"
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
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
# The currencies whose maximum the same page names.
_MAXIMUMS = {"idr": 999_999_999_999, "cop": 9_999_999_999, "inr": 999_999_999}
CURRENCIES = {
    code: Currency(decimals, step, _MINIMUMS.get(code, 1), _MAXIMUMS.get(code, MAXIMUM))
    for codes, decimals, step in (
        (_TWO_DECIMAL, 2, 1),
        (_ZERO_DECIMAL, 0, 1),
        (_THREE_DECIMAL, 3, 10),
        (_WHOLE, 2, 100),
    )
    for code in codes.split()
}


def written(amount: int, currency: str, language: str = "en") -> str:
    """Return `amount` (API's unit) as a reader of `language` writes it; Stripe's messages are in English."""
    decimals, step, *_ = CURRENCIES[currency]
    # No decimals in a currency of whole units, unless an amount has some.
    shown = 0 if step == 10**decimals and amount % step == 0 else decimals
    locale, code = language.replace("-", "_"), currency.upper()
    # A space separates a code or a word from the number: CLDR's currency spacing, which the locale library leaves out.
    pattern = _pattern(locale, shown, get_currency_symbol(code, locale)[-1].isalpha())
    return format_currency(Decimal(amount).scaleb(-decimals), code, pattern, locale, currency_digits=False)


@functools.cache
def _pattern(locale: str, decimals: int, apart: bool) -> NumberPattern:
    """Return the locale's pattern with Stripe's decimals, which are not always the locale library's."""
    pattern = copy.copy(Locale.parse(locale).currency_formats["standard"])
    pattern.frac_prec = (decimals, decimals)
    if apart:
        pattern.prefix = tuple(prefix.replace("¤", "¤\N{NO-BREAK SPACE}") for prefix in pattern.prefix)
    return pattern
