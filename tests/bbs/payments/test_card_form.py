"""What checkout.js posts: a card's token, without which nothing is charged, and an address, which may be missing."""

from __future__ import annotations

import pytest

from bbs.payments.card_form import CardForm
from bbs.payments.order import OrderRefused


@pytest.mark.parametrize("token", ["tok_1", "tok_visa_chargeDeclined", "tok_a-b", "tok_" + "a" * 200])
def test_the_token_of_a_card_is_read_as_it_is(token: str) -> None:
    assert CardForm.read({"stripeToken": token}).token == token


@pytest.mark.parametrize(
    "token",
    [
        "",
        "tok_",
        "tok",
        "card_1",
        " tok_1",
        "tok_1 ",
        "tok_1\n",
        "tok_é",
        "tok_\x00",
        "tok_1,tok_2",
        "tok_" + "a" * 201,
    ],
)
def test_what_cannot_be_a_cards_token_is_refused(token: str) -> None:
    with pytest.raises(OrderRefused, match="No card was entered"):
        CardForm.read({"stripeToken": token})


def test_no_token_at_all_is_refused() -> None:
    with pytest.raises(OrderRefused, match="No card was entered"):
        CardForm.read({"stripeEmail": "hanako@example.com"})


@pytest.mark.parametrize(
    ("posted", "kept"),
    [
        ("hanako@example.com", "hanako@example.com"),
        ("", ""),
        ("hanako", ""),
        ("hanako@localhost", "hanako@localhost"),
        ("a" * 250 + "@example.com", ""),
        ("hanako\x00@example.com", ""),
        ("hanako@example.com\nBcc: mike@example.com", ""),
    ],
)
def test_an_address_that_cannot_be_kept_costs_the_receipt_and_not_the_sale(posted: str, kept: str) -> None:
    assert CardForm.read({"stripeToken": "tok_1", "stripeEmail": posted}).email == kept


def test_a_dialog_that_asks_for_no_address_is_one_without_it() -> None:
    assert CardForm.read({"stripeToken": "tok_1"}).email == ""
