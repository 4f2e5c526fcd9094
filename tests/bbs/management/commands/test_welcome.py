"""`manage.py welcome`: where the board is, which flow is on, and whether real money moves."""

from __future__ import annotations

import pytest

from tests.stage.stories import run


def test_it_says_where_the_board_is_and_which_card_to_type(settings) -> None:
    settings.PAYMENT_FLOW, settings.PAYMENT_FLOW_SWITCHER = "legacy", False

    said = run("welcome", "--host=board.example", "--port=8080")

    assert "http://board.example:8080/" in said
    assert "legacy\n" in said
    assert "4242 4242 4242 4242" in said


def test_it_says_how_many_visitors_have_the_modern_flow(settings) -> None:
    settings.PAYMENT_FLOW, settings.PAYMENT_FLOW_SWITCHER, settings.PAYMENT_FLOW_ROLLOUT = "legacy", False, 10
    assert "legacy, for 10 % of visitors modern\n" in run("welcome")
    settings.PAYMENT_FLOW = "modern"
    assert "% of visitors" not in run("welcome")


def test_it_says_that_each_visitor_can_switch(settings) -> None:
    settings.PAYMENT_FLOW_SWITCHER = True

    assert "each visitor can switch" in run("welcome")


@pytest.mark.parametrize("words", ["real cards are charged real money", "実在のカードに実際に請求されます"])
def test_with_live_keys_it_warns_and_names_no_test_card(settings, words: str) -> None:
    settings.STRIPE_LIVEMODE = True

    said = run("welcome")

    assert words in said
    assert "4242" not in said
