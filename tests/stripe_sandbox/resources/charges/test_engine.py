"""What every charge goes through."""

from __future__ import annotations

import pytest
import stripe

from tests.stripe_sandbox.stage.calls import CHARGE

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize(
    ("source", "level", "kind"),
    [("tok_visa", "normal", "authorized"), ("tok_riskLevelElevated", "elevated", "authorized")],
)
def test_radar_says_how_risky_a_paid_charge_was(source: str, level: str, kind: str, api: stripe.StripeClient) -> None:
    outcome = api.v1.charges.create(params=CHARGE | {"source": source}).outcome

    assert (outcome.risk_level, outcome.type) == (level, kind)


@pytest.mark.parametrize(
    ("source", "kind", "network"),
    [
        ("tok_chargeDeclined", "issuer_declined", "declined_by_network"),
        ("tok_radarBlock", "blocked", "not_sent_to_network"),
    ],
)
def test_a_failed_charge_stays_and_says_who_said_no(
    source: str, kind: str, network: str, api: stripe.StripeClient
) -> None:
    with pytest.raises(stripe.CardError) as caught:
        api.v1.charges.create(params=CHARGE | {"source": source})

    charge = api.v1.charges.retrieve(caught.value.error.charge)
    assert (charge.status, charge.paid, charge.captured, charge.balance_transaction) == ("failed", False, False, None)
    assert (charge.outcome.type, charge.outcome.network_status) == (kind, network)
    assert charge.failure_code == caught.value.code


def test_money_of_the_bypassing_card_is_available_at_once(api: stripe.StripeClient) -> None:
    api.v1.charges.create(params=CHARGE | {"source": "tok_bypassPending"})

    balance = api.v1.balance.retrieve()

    assert (balance.available[0].amount, balance.pending[0].amount) == (1928, 0)
