"""A fault is of the calls in its block alone, and of each of their retries."""

from __future__ import annotations

import pytest
import stripe

from compare.rehearsal import faults
from stripe_sandbox.transport import InProcessClient

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> stripe.StripeClient:
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0)
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
    return stripe.StripeClient(
        "sk_test_sandbox", http_client=faults.FaultyClient(InProcessClient()), max_network_retries=2
    )


@pytest.mark.parametrize(
    ("fault", "error", "charges"),
    [
        ("timeout_after", stripe.APIConnectionError, 1),
        ("timeout_before", stripe.APIConnectionError, 0),
        ("500", stripe.APIError, 0),
    ],
)
def test_a_call_fails_with_all_its_retries_and_the_next_one_does_not(
    api: stripe.StripeClient, fault: str, error: type[Exception], charges: int
) -> None:
    charge = {"amount": 50, "currency": "jpy", "source": "tok_visa"}

    with faults.ordered(fault), pytest.raises(error):
        api.v1.charges.create(params=charge, options={"idempotency_key": "one"})

    assert len(api.v1.charges.list().data) == charges
    with faults.ordered(""):
        assert api.v1.charges.create(params=charge).paid
