"""A card's brand and check digit."""

from __future__ import annotations

import pytest

from stripe_sandbox.cards import card as cards

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize(
    ("number", "brand"),
    [
        ("4242424242424242", "visa"),
        ("2223003122003222", "mastercard"),
        ("6200000000000005", "unionpay"),
        ("3530111333300000", "jcb"),
        ("36227206271667", "diners"),
        ("9999999999999995", "unknown"),
    ],
)
def test_the_brand_is_read_from_the_number(number: str, brand: str) -> None:
    assert cards.brand(number) == brand
