"""Amounts, as Stripe counts and writes them."""

from __future__ import annotations

import pytest

from stripe_sandbox import money


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [
        (2000, "jpy", "ja", "￥2,000"),
        (2000, "jpy", "en", "¥2,000"),
        (2000, "usd", "en", "$20.00"),
        (1234567, "eur", "en", "€12,345.67"),
        (99_999_999, "kwd", "en", "KWD 99,999.999"),
        (500_000, "ugx", "ja", "UGX 5,000"),
        (500_050, "ugx", "en", "UGX 5,000.50"),
        (1_999_050, "huf", "en", "HUF 19,990.50"),
    ],
)
def test_an_amount_is_written_as_its_reader_does(amount: int, currency: str, language: str, written: str) -> None:
    assert money.written(amount, currency, language).replace("\N{NO-BREAK SPACE}", " ") == written


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_digit_of_any_currency_is_lost_or_added(language: str) -> None:
    for currency, rule in money.CURRENCIES.items():
        for amount in (rule.step, rule.step * 7, rule.maximum):
            digits = "".join(sign for sign in money.written(amount, currency, language) if sign.isdecimal())
            whole = rule.step == 10**rule.decimals and amount % rule.step == 0
            assert int(digits) * (rule.step if whole else 1) == amount, (currency, amount)


def test_messages_of_the_api_write_in_english() -> None:
    assert money.written(50, "jpy") == "¥50"
