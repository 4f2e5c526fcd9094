"""A parameter's text becomes a value, or is refused as Stripe refuses it."""

from __future__ import annotations

from typing import Any

import pytest

from stripe_sandbox.api.schema import (
    Array,
    Boolean,
    Currency,
    DecimalText,
    Email,
    Hash,
    Integer,
    Param,
    Text,
    Url,
    clean,
)
from stripe_sandbox.errors import ApiError


@pytest.mark.parametrize(
    ("param", "given", "value"),
    [
        (Text(), "日本", "日本"),
        (Text(unset=True), "", None),
        (Text(choices=("a", "b")), "b", "b"),
        (Url(), "https://a.example/?b=c", "https://a.example/?b=c"),
        (Email(), "a@b.example", "a@b.example"),
        (Integer(), "-5", -5),
        (Integer(least=1, most=3), "3", 3),
        (DecimalText(), "0.50", "0.50"),
        (Boolean(), "false", False),
        (Currency(), "JPY", "jpy"),
        (Array(item=Integer()), {"0": "1", "1": "2"}, [1, 2]),
        (Array(item=Integer()), {"10": "1", "2": "2"}, [2, 1]),
        (Hash(fields={"a": Integer()}), {"a": "1"}, {"a": 1}),
    ],
)
def test_a_text_becomes_a_value(param: Param, given: object, value: Any) -> None:
    assert param.clean(given, "p") == value


@pytest.mark.parametrize(
    ("param", "given", "message"),
    [
        (Text(), "", "You passed an empty string for 'p'."),
        (Text(), "a\x00b", "Invalid string: contains a null byte"),
        (Text(), {"a": {"b": "c"}}, 'Invalid string: {"a"=>{"b"=>"c"}}'),
        (Text(most=4), "abcdefgh", "Invalid string: abcd...efgh; must be at most 4 characters"),
        (Text(choices=("a", "b")), "c", "Invalid p: must be a or b"),
        (Text(choices=("a", "b", "c")), "d", "Invalid p: must be one of a, b, or c"),
        (Text(choices=("a", "z"), unsupported=("z",)), "z", "The sandbox does not support `z` as `p`."),
        (Url(), "ftp://a.example", "Not a valid URL"),
        (Email(), "a@b", "Invalid email address: a@b"),
        (Integer(), "1.0", "Invalid integer: 1.0"),
        (Integer(), "9" * 19, "Invalid integer: 999"),
        (Integer(), {"a": "1"}, 'Invalid integer: {"a"=>"1"}'),
        (Integer(least=1), "0", "This value must be greater than or equal to 1."),
        (Integer(most=3), "4", "This value must be less than or equal to 3."),
        (DecimalText(), "NaN", "Invalid decimal: NaN"),
        (DecimalText(), "much", "Invalid decimal: much"),
        (DecimalText(), "0." + "0" * 30, "Invalid decimal: 0.000"),
        (Boolean(), "True", "Invalid boolean: True"),
        (Currency(), "yen", "Invalid currency: yen."),
        (Array(item=Text()), "a", "Invalid array"),
        (Array(item=Text()), {"x": "a"}, "Invalid array"),
        (Array(item=Text(), most=1), {"0": "a", "1": "b"}, "Array p contains too many elements: at most 1"),
        (Array(item=Integer()), {"0": "a"}, "Invalid integer: a"),
        (Hash(), "a", "Invalid object"),
    ],
)
def test_what_cannot_be_one_is_refused(param: Param, given: object, message: str) -> None:
    with pytest.raises(ApiError) as caught:
        param.clean(given, "p")

    assert str(caught.value).startswith(message)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("given", "message", "at"),
    [
        ({"b": "x", "z": "1"}, "Received unknown parameter: p[z]", "p[z]"),
        ({"y": "1", "z": "1"}, "Received unknown parameters: p[y], p[z]", "p[y]"),
        ({}, "Missing required param: p[a].", "p[a]"),
        ({"a": "1", "b": "x"}, "Invalid integer: x", "p[b]"),
    ],
)
def test_of_a_table_what_is_unknown_is_named_first(given: dict[str, str], message: str, at: str) -> None:
    table = {"a": Integer(required=True), "b": Integer()}

    with pytest.raises(ApiError) as caught:
        clean(table, given, "p")

    assert str(caught.value).startswith(message)
    assert caught.value.body["param"] == at
