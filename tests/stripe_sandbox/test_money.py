"""Amounts, as Stripe counts and writes them."""

from __future__ import annotations

import pytest

from stripe_sandbox import money


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [(50, "jpy", "¥50"), (50, "usd", "$0.50"), (99_999_999, "kwd", "KWD99,999.999"), (1234567, "eur", "€12,345.67")],
)
def test_a_message_writes_an_amount_with_its_decimals(amount: int, currency: str, written: str) -> None:
    assert money.plain(amount, currency) == written


@pytest.mark.parametrize(
    ("currency", "language", "written"),
    [
        ("jpy", "ja", "￥2,000"),
        ("jpy", "en", "¥2,000"),
        ("usd", "en", "$20.00"),
        ("kwd", "en", "KWD2.000"),
        ("ugx", "en", "UGX2,000"),
    ],
)
def test_a_page_writes_an_amount_as_its_reader_does(currency: str, language: str, written: str) -> None:
    assert money.local(2000, currency, language) == written


def test_every_currency_can_be_written_in_both_languages() -> None:
    for currency in money.SUPPORTED:
        for language in ("en", "ja"):
            digits = [sign for sign in money.local(1, currency, language) if sign.isdecimal()]
            assert len(digits) == money.decimals(currency) + 1, (currency, language)


def test_the_smallest_amount_is_stripes_or_one() -> None:
    assert [money.minimum(currency) for currency in ("jpy", "usd", "gbp", "kwd")] == [50, 50, 30, 1]
    assert money.MINIMUMS.keys() <= money.SUPPORTED
