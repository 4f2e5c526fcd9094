"""A card as it was typed."""

from __future__ import annotations

import pytest
import stripe

from stripe_sandbox.cards.card import Decline

pytestmark = pytest.mark.django_db(databases="__all__")


CHARGE = {"amount": 2000, "currency": "jpy"}


def charge(api: stripe.StripeClient, source: str, decline: Decline | None) -> None:
    if decline is None:
        assert api.v1.charges.create(params={**CHARGE, "source": source}).status == "succeeded"
        return
    with pytest.raises(stripe.CardError) as caught:
        api.v1.charges.create(params={**CHARGE, "source": source})
    error = caught.value.error
    assert (error.code, error.decline_code) == (decline.code, decline.decline_code or None)
    failed = api.v1.charges.retrieve(error.charge)
    assert (failed.failure_code, failed.outcome.type) == (decline.code, decline.type)


def test_a_wrong_security_code_counts_only_if_one_is_sent(
    api: stripe.StripeClient, browser_api: stripe.StripeClient
) -> None:
    silent = {"number": "4000000000000127", "exp_month": 12, "exp_year": 2040}

    token = browser_api.v1.tokens.create(params={"card": silent})

    charge(api, token.id, None)
    assert token.card.cvc_check is None
