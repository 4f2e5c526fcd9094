"""What every page shows: the flow, whether it can be switched, and the notice under the header."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from bbs.context_processors import site


@pytest.mark.parametrize("switcher", [True, False])
def test_a_page_says_which_flow_is_on_and_offers_the_other_where_that_is_allowed(settings, switcher: bool) -> None:
    settings.PAYMENT_FLOW, settings.PAYMENT_FLOW_SWITCHER = "legacy", switcher
    settings.NOTICE_TEMPLATE = "bbs/notice_test_mode.html"

    assert site(RequestFactory().get("/")) == {
        "flow": "legacy",
        "flow_switcher": switcher,
        "notice_template": "bbs/notice_test_mode.html",
    }


@pytest.mark.django_db(databases="__all__")
def test_with_test_keys_every_page_says_that_no_money_moves(client, settings) -> None:
    settings.NOTICE_TEMPLATE = "bbs/notice_test_mode.html"

    assert "Stripe test mode" in client.get("/").content.decode()
