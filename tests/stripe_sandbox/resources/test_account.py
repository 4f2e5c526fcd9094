"""The one account there is."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_sandbox.models import StripeObject
from tests.stripe_sandbox.stage.calls import call

pytestmark = pytest.mark.django_db(databases="__all__")


def test_it_is_what_the_settings_say(api: stripe.StripeClient, settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"COUNTRY": "US", "DEFAULT_CURRENCY": "usd"}

    account = api.v1.accounts.retrieve_current()

    assert (account.country, account.default_currency, account.charges_enabled) == ("US", "usd", True)
    assert api.v1.accounts.retrieve(account.id).id == account.id


def test_no_other_is_connected(api: stripe.StripeClient) -> None:
    assert api.v1.accounts.list().data == []


@pytest.mark.parametrize("ask", ["acct_nope", "acct_1Other"])
def test_another_account_is_out_of_reach(ask: str) -> None:
    by_address = call("GET", f"/v1/accounts/{ask}")
    by_header = call("POST", "/v1/charges", "amount=2000&currency=jpy&source=tok_visa", Stripe_Account=ask)

    for status, body, _ in (by_address, by_header):
        assert (status, body["error"]["type"], body["error"]["code"]) == (
            403,
            "invalid_request_error",
            "account_invalid",
        )
        assert body["error"]["message"] == (
            f"The provided key 'sk_test_***dbox' does not have access to account '{ask}' (or that account does not "
            "exist). Application access may have been revoked."
        )
    assert StripeObject.objects.filter(kind="charge").count() == 0


def test_its_own_id_may_be_named(api: stripe.StripeClient) -> None:
    own = api.v1.accounts.retrieve_current().id

    assert api.v1.accounts.retrieve(own, options={"stripe_account": own}).id == own
