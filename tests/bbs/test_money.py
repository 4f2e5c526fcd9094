"""Amounts as each language writes them, and as staff type them."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from bbs.money import CURRENCIES, format_money, parse_amount, plain_amount, refuse_price

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "amount", "currency", "text"),
    [
        ("en", 2000, "jpy", "¥2,000"),
        ("ja", 2000, "jpy", "￥2,000"),
        ("en", 2000, "usd", "$20.00"),
        ("ja", 2000, "USD", "$20.00"),
        ("en", 1, "jpy", "¥1"),
        ("en", 5, "usd", "$0.05"),
        ("en", -5, "usd", "-$0.05"),
        ("en", 500_000, "ugx", f"UGX{SPACE}5,000"),
        ("ja", 500_000, "UGX", f"UGX{SPACE}5,000"),
        ("en", 500_050, "ugx", f"UGX{SPACE}5,000.50"),
        ("en", 100, "isk", f"ISK{SPACE}1"),
        ("en", 1230, "kwd", f"KWD{SPACE}1.230"),
        ("ja", 1234, "KWD", f"KWD{SPACE}1.234"),
        ("en", 1_999_050, "huf", f"HUF{SPACE}19,990.50"),
        ("ja", 5001, "twd", "NT$50.01"),
        ("en", 2000, "xxx", "¤20.00"),
    ],
)
def test_money_is_written_as_the_language_does_with_stripes_decimals(
    language: str, amount: int, currency: str, text: str
) -> None:
    with translation.override(language):
        assert format_money(amount, currency) == text


@pytest.mark.parametrize("currency", ["afn", "all", "cop", "huf", "idr", "lak", "lbp", "mmk", "sos", "std", "yer"])
def test_a_hundredth_that_stripe_takes_is_written_where_the_locale_knows_of_none(currency: str) -> None:
    with translation.override("en"):
        assert format_money(1234, currency).endswith("12.34")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_digit_of_any_currency_is_lost_or_added(language: str) -> None:
    with translation.override(language):
        for currency, rule in CURRENCIES.items():
            for amount in (rule.step, rule.step * 7, 99_999_999, 9_999_999):
                digits = "".join(sign for sign in format_money(amount, currency) if sign.isdecimal())
                whole = rule.step == 10**rule.decimals and amount % rule.step == 0
                assert int(digits) * (rule.step if whole else 1) == amount, (currency, amount)


def test_what_staff_read_in_a_field_is_what_they_may_type_in_every_currency() -> None:
    for currency, rule in CURRENCIES.items():
        for amount in (rule.step, rule.step * 7, 9_999_999 // rule.step * rule.step):
            assert parse_amount(plain_amount(amount, currency), currency) == amount, (currency, amount)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("20.00", "usd", 2000),
        ("20", "usd", 2000),
        ("20.5", "USD", 2050),
        ("0.01", "usd", 1),
        ("1,000", "usd", 100_000),
        ("1,234,567.89", "usd", 123_456_789),
        ("500", "jpy", 500),
        ("1,000", "jpy", 1000),
        ("２０．５０", "usd", 2050),
        (" １，０００ ", "jpy", 1000),
        ("1.230", "kwd", 1230),
        ("5,000", "ugx", 500_000),
        ("5000.00", "ugx", 500_000),
        ("0", "usd", 0),
        ("007", "jpy", 7),
    ],
)
def test_an_amount_is_typed_in_the_main_unit(text: str, currency: str, amount: int) -> None:
    assert parse_amount(text, currency) == amount


@pytest.mark.parametrize(
    ("text", "currency", "said"),
    [
        ("0.5", "jpy", "JPY has no decimals: enter a whole number, such as 500."),
        ("1.000", "jpy", "JPY has no decimals: enter a whole number, such as 500."),
        ("20.001", "usd", "USD has at most 2 decimals: enter an amount such as 500.00."),
        ("1.2345", "kwd", "KWD has at most 3 decimals: enter an amount such as 500.000."),
        ("1.234", "kwd", "Stripe accepts KWD only in steps of KWD\N{NO-BREAK SPACE}0.010."),
        ("5000.50", "ugx", "Stripe accepts UGX only in steps of UGX\N{NO-BREAK SPACE}1."),
        *(
            (text, "usd", "Enter the amount in USD as a number, such as 500.00.")
            for text in (
                "",
                " ",
                "20,00",
                "1,00,000",
                ".5",
                "5.",
                "-5",
                "+5",
                "1e3",
                "$20",
                "much",
                "٢٠",
                "1 000",
                "2\x000",
            )
        ),
        ("9" * 30, "usd", "Enter the amount in USD as a number, such as 500.00."),
        ("9" * 100_000, "usd", "Enter the amount in USD as a number, such as 500.00."),
    ],
)
def test_what_is_no_amount_in_the_currency_is_refused_clearly(text: str, currency: str, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        parse_amount(text, currency)


def test_it_is_refused_in_japanese_too() -> None:
    with translation.override("ja"), pytest.raises(ValueError, match="JPY に小数はありません"):
        parse_amount("0.5", "jpy")


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (49, "usd", "Stripe's minimum in this currency is $0.50."),
        (49, "jpy", "Stripe's minimum in this currency is ¥50."),
        (0, "isk", "Stripe's minimum in this currency is ISK\N{NO-BREAK SPACE}1."),
        (1050, "ugx", "Stripe accepts UGX only in steps of UGX\N{NO-BREAK SPACE}1."),
        (1234, "kwd", "Stripe accepts KWD only in steps of KWD\N{NO-BREAK SPACE}0.010."),
    ],
)
def test_a_price_that_stripe_would_not_charge_is_refused(amount: int, currency: str, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        refuse_price(amount, currency)


def test_every_currency_takes_its_minimum_and_no_less() -> None:
    for currency, rule in CURRENCIES.items():
        assert rule.minimum % rule.step == 0
        refuse_price(rule.minimum, currency)
        with pytest.raises(ValueError, match="Stripe's minimum in this currency"):
            refuse_price(rule.minimum - rule.step, currency)
