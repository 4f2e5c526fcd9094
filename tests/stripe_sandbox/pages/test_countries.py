"""The countries of an address."""

from __future__ import annotations

import re
import typing

from stripe.params.checkout import SessionCreateParamsShippingAddressCollection as Collection

from stripe_sandbox.pages import countries


def test_the_countries_are_those_that_stripe_lists() -> None:
    listed = typing.get_type_hints(Collection)["allowed_countries"]
    while typing.get_origin(listed) is not typing.Literal:
        listed = typing.get_args(listed)[0]

    assert set(countries.names()) == set(typing.get_args(listed)) - {"ZZ"}


def test_each_country_is_named_in_both_languages() -> None:
    assert countries.names()["JP"] == ("Japan", "日本")
    assert all(english.strip() and japanese.strip() for english, japanese in countries.names().values())


def test_a_select_holds_each_country_once_and_one_is_chosen() -> None:
    for language, name in (("en", "United States"), ("ja", "アメリカ合衆国")):
        options = str(countries.options(language, "US"))

        assert len(re.findall("<option ", options)) == len(countries.names())
        assert re.findall(r"<option ([^>]*) selected>([^<]*)<", options) == [
            ('value="US" data-name="United States" data-postal="card"', name)
        ]


def test_the_codes_without_a_postal_code_are_countries_that_stripe_lists() -> None:
    assert countries.names().keys() >= countries.NO_POSTAL_CODE
    assert countries.names().keys() - countries.NO_POSTAL_CODE >= countries.POSTAL_CODE_WITH_CARD
