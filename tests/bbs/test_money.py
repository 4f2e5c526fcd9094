"""Amounts as each language writes them."""

from __future__ import annotations

import pytest
from django.utils import translation

from bbs.money import THREE_DECIMAL, ZERO_DECIMAL, decimals, format_money


@pytest.mark.parametrize(
    ("language", "amount", "currency", "text"),
    [
        ("en", 2000, "jpy", "¥2,000"),
        ("ja", 2000, "jpy", "￥2,000"),
        ("en", 2000, "usd", "$20.00"),
        ("ja", 2000, "USD", "$20.00"),
        ("en", 1, "jpy", "¥1"),
        ("en", 5, "usd", "$0.05"),
    ],
)
def test_money_is_written_as_the_language_does(language: str, amount: int, currency: str, text: str) -> None:
    with translation.override(language):
        assert format_money(amount, currency) == text


@pytest.mark.parametrize("currency", sorted(THREE_DECIMAL))
def test_what_has_a_thousandth_is_written_with_three_decimals(currency: str) -> None:
    with translation.override("en"):
        assert format_money(1234, currency).endswith("1.234")
    with translation.override("ja"):
        assert format_money(1234, currency.upper()).endswith("1.234")


@pytest.mark.parametrize("currency", ["afn", "all", "cop", "huf", "idr", "lak", "lbp", "mmk", "sos", "std", "yer"])
def test_a_hundredth_that_stripe_takes_is_written_where_the_locale_knows_of_none(currency: str) -> None:
    with translation.override("en"):
        assert format_money(1234, currency).endswith("12.34")


@pytest.mark.parametrize("currency", sorted(ZERO_DECIMAL))
def test_what_has_no_smaller_unit_is_written_whole(currency: str) -> None:
    assert decimals(currency) == decimals(currency.upper()) == 0
    with translation.override("en"):
        assert format_money(1234, currency).endswith("1,234")


def test_money_that_goes_back_keeps_its_sign() -> None:
    with translation.override("en"):
        assert format_money(-5, "usd") == "-$0.05"
