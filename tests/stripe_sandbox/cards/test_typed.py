"""Card fields as people type them."""

from __future__ import annotations

import pytest

from stripe_sandbox.cards import typed


@pytest.mark.parametrize(
    ("text", "date"),
    [
        *((text, (12, 34)) for text in ("12/34", "12 / 34", "1234", "12-34", "12 34", "12.34", " 12/34\t")),
        *(
            (text, (12, 34))
            for text in (
                "１２／３４",
                "１２ / ３４",
                "１２－３４",
                "１２ー３４",
                "１２・３４",
                "１２３４",
                "12−34",
                "12–34",
            )
        ),
        *(
            (text, (12, 2034))
            for text in ("12/2034", "122034", "12-2034", "１２／２０３４", "12　/　2034", "\u200b12/2034")
        ),
        *((text, (5, 34)) for text in ("5/34", "05/34", "534", "0534", "５／３４")),
        *((text, (13, 34)) for text in ("13/34", "1334")),
        *(
            (text, (0, 0))
            for text in ("", "12", "12/", "/34", "12//34", "12/3", "12/345", "12/20345", "a12/34", "2034/12")
        ),
        *((text, (0, 0)) for text in ("١٢/٣٤", "12/34" + " " * 60, "4242424242424242")),
    ],
)
def test_an_expiry_date_is_read_as_it_is_written(text: str, date: tuple[int, int]) -> None:
    assert typed.expiry(text) == date


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424242",
        "4242 4242 4242 4242",
        " 4242-4242-4242-4242\n",
        "４２４２　４２４２　４２４２　４２４２",
        "４２４２ー４２４２－４２４２−４２４２",
        "4242.4242.4242.4242",
        "\u202a4242424242424242\u202c",
    ],
)
def test_a_card_number_is_read_in_any_grouping(text: str) -> None:
    assert typed.number(text) == "4242424242424242"


def test_a_text_longer_than_any_card_field_is_read_as_nothing() -> None:
    assert typed.number("4" * 60_000) == ""
    assert typed.security_code("1" * 51) == ""


@pytest.mark.parametrize("text", ["123", " 123 ", "１２３", "1 2 3"])
def test_a_security_code_is_read_without_spaces_and_width(text: str) -> None:
    assert typed.security_code(text) == "123"
