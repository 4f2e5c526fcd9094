"""Amounts as each language writes them."""

from __future__ import annotations

import pytest
from django.utils import translation

from bbs.money import format_money


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
