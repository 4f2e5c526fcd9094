"""Disputes over the API."""

from __future__ import annotations

import pytest
import stripe

from stripe_sandbox.testing import drain
from tests.stripe_sandbox.stage.calls import CHARGE


@pytest.mark.django_db(databases="__all__")
def test_a_disputing_card_is_disputed_after_it_has_paid(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "source": "tok_createDispute"})

    drain(ahead=5)
    dispute = api.v1.disputes.list(params={"charge": charge.id}).data[0]
    lost = api.v1.disputes.close(dispute.id)

    assert (charge.disputed, api.v1.charges.retrieve(charge.id).disputed) == (False, True)
    assert (dispute.status, dispute.reason, lost.status) == ("needs_response", "fraudulent", "lost")
    assert [entry.net for entry in dispute.balance_transactions] == [-3300]
