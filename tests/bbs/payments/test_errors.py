"""What is logged and stored of an error: where it comes from, and nothing of a person, a card or a key."""

from __future__ import annotations

import re

import pytest
import stripe

from bbs.payments import errors


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("This value must be greater than or equal to 1.", "This value must be greater than or equal to 1."),
        ("You can't refund a charge that doesn't exist.", "You can't refund a charge that doesn't exist."),
        ("Charge ch_1 has already been refunded.", "Charge ch_1 has already been refunded."),
        ("No such customer: hanako@example.com", "No such customer …"),
        ("No such token: 'tok_1SandboxBrd'", "No such token …"),
        ("Invalid API Key provided: sk_test_****abcd", "Invalid API Key provided …"),
        ("Invalid email address: Hanako Yamada", "Invalid email address …"),
        ("Received unknown parameter: 花子", "Received unknown parameter …"),
        ("We cannot write to hanako@example.com now", "We cannot write to ••• now"),
        ("The key sk_live_abc was revoked, as was whsec_abc", "The key sk_live_••• was revoked, as was whsec_•••"),
        ("The token tok_visa and pi_1_secret_2 are spent", "The token tok_••• and pi_1_secret_••• are spent"),
        ("The card 4242 4242 4242 4242 and 4242424242424242", "The card ••• and •••"),
        ("two\nlines", "two lines"),
        ("", ""),
    ],
)
def test_a_message_of_stripes_is_kept_without_the_values_in_it(message: str, kept: str) -> None:
    assert errors.outline(message) == kept


def test_no_message_is_longer_than_a_line() -> None:
    assert len(errors.outline("word " * 100_000)) < 200


def test_an_error_of_stripes_is_logged_with_what_its_support_asks_for(caplog) -> None:
    error = stripe.InvalidRequestError(
        "Amount must be at least 50, you gave: 7",
        "amount",
        code="amount_too_small",
        http_status=400,
        headers={"request-id": "req_1"},
    )

    errors.log_error(error, "ref_1")

    line = "payment=ref_1 stripe error InvalidRequestError http=400 request=req_1 code=amount_too_small param=amount: "
    assert f"{line}Amount must be at least 50, you gave …" in caplog.text


def test_any_other_error_is_logged_with_its_traceback_and_stored_without_its_text(caplog) -> None:
    try:
        int("hanako@example.com")
    except ValueError as error:
        errors.log_error(error, "ref_1")
        stored = errors.brief(error)

    assert re.fullmatch(r"ValueError in test_errors\.py, line \d+", stored)
    assert "payment=ref_1 failed: ValueError" in caplog.text
    assert "Traceback" in caplog.text


@pytest.mark.django_db(databases="__all__")
def test_one_of_many_that_fails_is_reported_and_keeps_no_other_from_being_done() -> None:
    reported: list[str] = []
    done = []

    for number in (2, 0, 1):
        with errors.tolerated(number, reported.append):
            done.append(6 // number)

    assert done == [3, 6]
    assert [each.partition(" in ")[0] for each in reported] == ["0: ZeroDivisionError"]
