"""A decline is put into words a visitor can act on."""

from __future__ import annotations

import pytest
from django.utils import translation

from stripe_sandbox.cards import entered
from stripe_sandbox.cards.catalogue import CARDS
from stripe_sandbox.errors import Declined
from stripe_sandbox.pages import wording

GENERIC = "The card was declined. Please try another card."


@pytest.mark.parametrize(
    ("code", "decline_code", "sentence"),
    [
        ("card_declined", "insufficient_funds", "There are not enough funds on this card. Please try another card."),
        ("card_declined", "generic_decline", GENERIC),
        # Nobody says to a thief that the card is known to be stolen.
        ("card_declined", "stolen_card", GENERIC),
        ("expired_card", "", "Your card has expired. Please try another card."),
        ("never heard of", "", GENERIC),
    ],
)
def test_the_decline_code_counts_first(code: str, decline_code: str, sentence: str) -> None:
    assert wording.declined(code, decline_code) == sentence


def test_every_test_cards_decline_has_a_sentence_in_japanese() -> None:
    declines = [card.decline for card in CARDS if card.decline]
    with translation.override("ja"):
        sentences = {wording.declined(decline.code, decline.decline_code) for decline in declines}

    assert len(sentences) > 4
    assert all(sentence.endswith("。") for sentence in sentences)


def test_of_a_card_that_cannot_be_read_the_field_is_named() -> None:
    with pytest.raises(Declined) as caught:
        entered.check("4242424242424242", 13, 2040, "123")

    assert wording.of_input(caught.value) == (
        "exp_month",
        "The expiry date is not valid, or it has passed. Use MM / YY.",
    )
