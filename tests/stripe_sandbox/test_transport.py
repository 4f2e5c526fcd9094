"""stripe-python reaches the sandbox in process."""

from __future__ import annotations

import asyncio

import pytest
import stripe

from tests.stripe_sandbox.stage.calls import CHARGE


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_the_asynchronous_methods_work_in_process(api: stripe.StripeClient) -> None:
    charge = asyncio.run(api.v1.charges.create_async(params=CHARGE))

    assert charge.status == "succeeded"
