"""Why nothing was taken: in words for the card's owner, and never what they must not be told."""

from __future__ import annotations

import pytest
from django.utils import translation

from bbs.payments.declines import DECLINES, FAILURES, failure_text


@pytest.mark.parametrize("code", sorted(DECLINES))
def test_what_a_bank_means_by_it_is_not_told(code: str) -> None:
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
