"""Currencies: how many decimals each has, how little and how much may be charged, how an amount is written."""

from __future__ import annotations

from babel.numbers import format_currency, get_currency_symbol

# https://docs.stripe.com/currencies#zero-decimal and #three-decimal
ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split())
THREE_DECIMAL = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
SUPPORTED = frozenset(
    """
    usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad
    cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl
    htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd
    mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd
    rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd
    vuv wst xaf xcd xcg xof xpf yer zar zmw
    """.split()
)

# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
MINIMUMS = {
    **dict.fromkeys("usd aud brl cad chf eur inr nzd sgd jpy".split(), 50),
    **dict.fromkeys(["aed", "myr", "pln", "ron"], 200),
    **dict.fromkeys(["mxn", "thb"], 1000),
    **dict.fromkeys(["nok", "sek"], 300),
    "gbp": 30,
    "bgn": 100,
    "czk": 1500,
    "dkk": 250,
    "hkd": 400,
    "huf": 17500,
}
MAXIMUM = 99_999_999


def decimals(currency: str) -> int:
    """Return how many digits of an amount stand behind the point."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def minimum(currency: str) -> int:
    """Return the smallest chargeable amount, in the smallest unit; 1 where Stripe lists none."""
    return MINIMUMS.get(currency, 1)


def plain(amount: int, currency: str) -> str:
    """Return an amount as Stripe's messages write it: `$0.50`, `¥50`."""
    places = decimals(currency)
    symbol = get_currency_symbol(currency.upper(), "en_US")
    return f"{symbol}{amount / 10**places:,.{places}f}"


def local(amount: int, currency: str, language: str) -> str:
    """Return an amount as a reader of `language` writes it: `¥2,000`, `￥2,000`, `$20.00`."""
    places = decimals(currency)
    return format_currency(
        amount / 10**places,
        currency.upper(),
        locale=language.replace("-", "_"),
        format=None if places == 2 else f"¤#,##0{'.' + '0' * places if places else ''}",
        currency_digits=False,
    )
