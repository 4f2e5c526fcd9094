"""Nothing private gets into the log, whichever library writes it there."""

from __future__ import annotations

import logging
import re

import pytest

from bbs import logs
from bbs.logs import LONGEST, MaskingFormatter, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Invalid API Key provided: sk_live_51Abc.", "Invalid API Key provided: sk_live_•••."),
        ("pk_test_51Abc rk_live_1 whsec_Abc1", "pk_test_••• rk_live_••• whsec_•••"),
        ("No such token: 'tok_1AbcDef'", "No such token: 'tok_•••'"),
        ("pi_3Abc_secret_Def", "pi_3Abc_secret_•••"),
        (
            "DETAIL: Failing row contains (1, hanako@example.com, tok_1Abc)",
            "DETAIL: Failing row contains (1, •••, tok_•••)",
        ),
        ("?stripeEmail=hanako.yamada%40example.com&a=b", "?stripeEmail=•••&a=b"),
        (
            "Method Not Allowed (POST): /payments/0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f/1vAb:x-Y_z/",
            "Method Not Allowed (POST): /payments/0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f/•••/",
        ),
        ("card 4242424242424242, 4242 4242 4242 4242, 3782-822463-10005", "card •••, •••, •••"),
    ],
)
def test_what_is_private_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "sk_live_1",
        "rk_live_1",
        "pk_test_1",
        "whsec_1",
        "tok_1",
        "pi_1_secret_1",
        "seti_1_secret_1",
        "cs_test_1_secret_1",
        "/payments/0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f/1",
        "a@b",
        "a%40b",
        "4242424242424",
        "4242 4242 4242 4",
        "4242-4242-4242-4242",
        "4242 424242424242424",
        "3782 822463 1000",
        "３７８２-８２２４６３-１０００５",
    ],
)
def test_what_is_private_is_masked_where_it_stands_alone(text: str) -> None:
    assert logs.HIDDEN in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "payment=0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f stripe GET /v1/charges/ch_3Abc -> 200 request=req_1Abc 12 ms",
        "webhook checkout.session.completed evt_1Setngs processed; cs_test_a1b2c3d4e5f6",
        "2026-11-26 18:00:00,123 ERROR django.request Internal Server Error: /payments/",
        "Not Found: /payments/0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f/",
    ],
)
def test_what_a_payment_is_followed_by_stays(text: str) -> None:
    assert masked(text) == text


def test_of_a_very_long_line_the_middle_is_left_out_and_nothing_private_with_half_of_it() -> None:
    line = f"ERROR {'a ' * 4995}hanako@example.com {'b ' * 50_000}tok_1Abc{' c' * 4995} failed"

    shown = masked(line)

    assert shown.startswith("ERROR a a ")
    assert shown.endswith(" c c failed")
    assert len(shown) < LONGEST
    assert not {"hanako", "1Abc"} & set(re.findall(r"\w+", shown))


def test_a_traceback_is_masked_too() -> None:
    try:
        raise ValueError("hanako@example.com pays with tok_1Abc")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "%s failed", ("4242424242424242",), None)
        record.exc_info = (type(error), error, error.__traceback__)

    line = MaskingFormatter("{levelname} {message}", style="{").format(record)

    assert line.startswith("ERROR ••• failed\nTraceback (most recent call last):\n")
    assert line.endswith("ValueError: ••• pays with tok_•••")
