"""Faults on demand: the next calls fail as they would at Stripe."""

from __future__ import annotations

import pytest
import stripe

from stripe_sandbox.api.faults import CALLS
from stripe_sandbox.models import Fault, LoggedRequest
from stripe_sandbox.testing import fault
from stripe_sandbox.transport import InProcessClient
from tests.stripe_sandbox.stage.calls import CHARGE, PUBLISHABLE, SECRET, call

database = pytest.mark.django_db(databases="__all__")


class Impatient(InProcessClient):
    """The client without stripe-python's pauses between its retries."""

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0


@database
@pytest.mark.parametrize("effect", ["500", "timeout_before", "timeout_after", "drop"])
def test_the_sdks_own_retry_heals_what_broke_and_charges_once(effect: str) -> None:
    api = stripe.StripeClient(SECRET, http_client=Impatient(), max_network_retries=2)
    fault(effect)

    charge = api.v1.charges.create(params=CHARGE)

    assert [found.id for found in api.v1.charges.list().data] == [charge.id]


@database
@pytest.mark.parametrize(
    ("effect", "error", "charged"),
    [
        ("500", stripe.APIError, 0),
        ("429", stripe.RateLimitError, 0),
        ("timeout_before", stripe.APIConnectionError, 0),
        ("timeout_after", stripe.APIConnectionError, 1),
        ("drop", stripe.APIConnectionError, 0),
    ],
)
def test_without_a_retry_the_error_is_stripes(
    effect: str, error: type[stripe.StripeError], charged: int, api: stripe.StripeClient
) -> None:
    fault(effect)

    with pytest.raises(error):
        api.v1.charges.create(params=CHARGE)

    assert len(api.v1.charges.list().data) == charged


@database
def test_a_fault_that_there_is_not_is_refused() -> None:
    status, body, _ = call("GET", "/v1/charges", Sandbox_Fault="explode")

    assert (status, body["error"]["message"]) == (
        400,
        "Sandbox-Fault: there is no explode, only 500, 429, timeout_before, timeout_after, drop.",
    )


@database
@pytest.mark.parametrize("key", ["", "sk_test_other"])
@pytest.mark.parametrize("effect", CALLS)
def test_without_the_key_there_is_no_fault_but_a_401(effect: str, key: str) -> None:
    fault("timeout_before")

    status, body, headers = call("GET", "/v1/charges", key=key, Sandbox_Fault=effect)

    assert (status, headers["WWW-Authenticate"]) == (401, 'Basic realm="Stripe"')
    assert body["error"]["type"] == "invalid_request_error"
    assert (Fault.objects.get().remaining, LoggedRequest.objects.get().status) == (1, 401)


@database
def test_the_browsers_key_orders_no_fault_by_header() -> None:
    status, body, _ = call("GET", "/v1/tokens/tok_x", key=PUBLISHABLE, Sandbox_Fault="timeout_before")

    assert (status, body["error"]["code"]) == (403, "secret_key_required")


@database
def test_the_browsers_key_meets_a_fault_that_was_ordered() -> None:
    fault("500")

    assert call("GET", "/v1/tokens/tok_x", key=PUBLISHABLE)[0] == 500
