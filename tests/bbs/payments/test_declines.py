"""Why nothing was taken: in words for the card's owner, and never what they must not see."""

from __future__ import annotations

import pytest
import stripe
from django.utils import translation

from bbs.payments.declines import DECLINES, FAILURES, attempt_in, code_in, code_of, failure_text, needs_modern


@pytest.mark.parametrize("code", sorted(DECLINES))
def test_the_reason_of_a_bank_is_not_shown(code: str) -> None:
    """https://docs.stripe.com/declines/codes: not that a card was reported lost or stolen, or is thought a fraud."""
    assert failure_text(code) == failure_text("card_declined")
    for word in ("lost", "stolen", "fraud", "pick"):
        assert word not in failure_text(code).lower()


@pytest.mark.parametrize("code", ["", "a_code_of_next_year"])
def test_a_code_that_we_do_not_know_says_only_that_it_did_not_go_through(code: str) -> None:
    assert failure_text(code) == str(FAILURES["other"])


@pytest.mark.parametrize("code", sorted(FAILURES))
def test_every_text_has_its_japanese(code: str) -> None:
    with translation.override("en"):
        english = failure_text(code)
    with translation.override("ja"):
        assert failure_text(code) != english


# As recorded on a new account in September 2026: with neither a code nor a parameter.
RECORDED = (
    "Card Token usage on the Customers API and Charges API has reached end of life. In order to continue processing "
    "your payments, you will need to use the Payment Intents and Payment Methods API."
)


@pytest.mark.parametrize(
    ("message", "sent", "code"),
    [
        (RECORDED, None, "card_tokens_ended"),
        ("No such token: 'tok_1'", "resource_missing", "resource_missing"),
        ("Something else", None, "invalid_request"),
        (None, None, "invalid_request"),
    ],
)
def test_a_refusal_without_a_code_gets_ours(message: str | None, sent: str | None, code: str) -> None:
    assert code_of(stripe.InvalidRequestError(message, None, code=sent)) == code


@pytest.mark.parametrize("code", ["card_tokens_ended", "authentication_required"])
def test_what_no_card_can_help_needs_the_modern_flow(code: str) -> None:
    assert needs_modern(code)
    assert not needs_modern("insufficient_funds")


@pytest.mark.parametrize(
    ("decline_code", "code", "found"),
    [
        ("insufficient_funds", "card_declined", "insufficient_funds"),
        (None, "expired_card", "expired_card"),
        (None, None, "card_declined"),
    ],
)
def test_a_decline_is_named_by_the_banks_reason_or_else_by_stripes(
    decline_code: str | None, code: str | None, found: str
) -> None:
    body = {"error": {"decline_code": decline_code, "code": code}}
    error = stripe.CardError("declined", None, code, json_body=body)
    intent = {"last_payment_error": {"decline_code": decline_code, "code": code}, "latest_charge": None}

    assert code_of(error) == found
    assert attempt_in(stripe.PaymentIntent.construct_from(intent, key=None)) == found


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"outcome": {"reason": "insufficient_funds"}, "failure_code": "card_declined"}, "insufficient_funds"),
        ({"outcome": {"reason": None}, "failure_code": "expired_card"}, "expired_card"),
        ({"outcome": None, "failure_code": "expired_card"}, "expired_card"),
        ({"outcome": None, "failure_code": None}, "card_declined"),
    ],
)
def test_a_failed_charge_is_named_alike(fields: dict[str, object], found: str) -> None:
    assert code_in(stripe.Charge.construct_from(fields, key=None)) == found


def test_two_attempts_that_fail_alike_are_told_apart_by_their_charge() -> None:
    fields = {"last_payment_error": {"code": "card_declined"}, "latest_charge": "ch_1"}

    assert attempt_in(stripe.PaymentIntent.construct_from(fields, key=None)) == "card_declined ch_1"
    assert attempt_in(stripe.PaymentIntent.construct_from({}, key=None)) == "card_declined"
