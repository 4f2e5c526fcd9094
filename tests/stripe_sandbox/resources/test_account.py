"""The one account there is."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

pytestmark = pytest.mark.django_db(databases="__all__")


def test_it_is_what_the_settings_say(api: stripe.StripeClient, settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"COUNTRY": "US", "DEFAULT_CURRENCY": "usd"}

    account = api.v1.accounts.retrieve_current()

    assert (account.country, account.default_currency, account.charges_enabled) == ("US", "usd", True)
    assert api.v1.accounts.retrieve(account.id).id == account.id


def test_there_is_no_other(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such account: 'acct_x'"):
        api.v1.accounts.retrieve("acct_x")
