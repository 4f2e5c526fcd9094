"""stripe-python reaches the sandbox in process."""

from __future__ import annotations

import asyncio

import pytest
import stripe

CHARGE = {"amount": 2000, "currency": "jpy", "source": "tok_visa"}


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_the_asynchronous_methods_work_in_process(api: stripe.StripeClient) -> None:
    charge = asyncio.run(api.v1.charges.create_async(params=CHARGE))

    assert charge.status == "succeeded"
