"""One key, one effect: however many ask at once, and whatever breaks on the way."""

from __future__ import annotations

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe
from django.test import Client

from stripe_sandbox.api import idempotency
from stripe_sandbox.api.calls import Call
from stripe_sandbox.models import IdempotencyKey, LoggedRequest
from stripe_sandbox.testing import fault
from stripe_sandbox.transport import InProcessClient
from tests.stripe_sandbox.conftest import SECRET, Server, call

FORM = "amount=2000&currency=jpy&source=tok_visa"
CHARGE = {"amount": 2000, "currency": "jpy", "source": "tok_visa"}
database = pytest.mark.django_db(databases="__all__")


def test_many_threads_with_one_key_make_one_charge(server: Server) -> None:
    customer = server.api.v1.customers.create(params={"source": "tok_visa"}).id
    params = {"amount": 2000, "currency": "jpy", "customer": customer}

    def attempt(number: int) -> str:
        try:
            return server.api.v1.charges.create(params=params, options={"idempotency_key": f"once-{customer}"}).id
        except stripe.APIError as error:
            return str(error.http_status)

    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(attempt, range(48)))

    assert len(answers - {"409"}) == 1
    assert len(server.api.v1.charges.list(params={"customer": customer}).data) == 1


@database
def test_a_key_in_flight_is_a_conflict() -> None:
    busy = Call.to("POST", "/v1/charges", {"Idempotency-Key": "k"})

    with idempotency.claimed(busy):
        status, body, _ = call("POST", "/v1/charges", FORM, Idempotency_Key="k")

    assert (status, body["error"]["code"]) == (409, "idempotency_key_in_use")
    assert body["error"]["message"].startswith(
        "There is currently another in-progress request using this Idempotent Key"
    )
    assert call("POST", "/v1/charges", FORM, Idempotency_Key="k")[0] == 200


@database
def test_a_key_counts_for_its_address_only_and_for_a_day() -> None:
    first = call("POST", "/v1/charges", FORM, Idempotency_Key="k")[1]
    elsewhere, _, _ = call("POST", "/v1/customers", "", Idempotency_Key="k")
    IdempotencyKey.objects.update(created=time.time() - 86401)

    tomorrow = call("POST", "/v1/charges", FORM, Idempotency_Key="k")[1]

    assert elsewhere == 200
    assert tomorrow["id"] != first["id"]


@database
def test_what_was_refused_before_anything_happened_is_not_kept() -> None:
    refused, _, _ = call("POST", "/v1/charges", FORM + "&foo=1", Idempotency_Key="k")

    status, _, headers = call("POST", "/v1/charges", FORM, Idempotency_Key="k")

    assert (refused, status) == (400, 200)
    assert "Idempotent-Replayed" not in headers


@database
def test_a_key_of_256_characters_is_too_long() -> None:
    status, body, _ = call("POST", "/v1/charges", FORM, Idempotency_Key="k" * 256)

    assert (status, body["error"]["type"]) == (400, "idempotency_error")


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
@pytest.mark.parametrize(("effect", "status"), [("500", 500), ("429", 429), ("drop", 0), ("timeout_after", 200)])
def test_the_log_shows_a_call_that_met_a_fault(effect: str, status: int, client: Client) -> None:
    with contextlib.suppress(stripe.APIConnectionError):
        call("POST", "/v1/charges", FORM, Sandbox_Fault=effect)

    logged = LoggedRequest.objects.get()

    assert (logged.status, logged.params["amount"]) == (status, "2000")
    assert client.get(f"/sandbox/requests/{logged.request_id}/").status_code == 200


@database
def test_a_fault_that_there_is_not_is_refused() -> None:
    status, body, _ = call("GET", "/v1/charges", Sandbox_Fault="explode")

    assert (status, body["error"]["message"]) == (
        400,
        "Sandbox-Fault: there is no explode, only 500, 429, timeout_before, timeout_after, drop.",
    )


def test_a_header_breaks_the_connection_of_one_call_over_http(server: Server) -> None:
    http = stripe.RequestsClient()
    headers = {"Authorization": f"Bearer {SECRET}", "Sandbox-Fault": "drop"}

    with pytest.raises(stripe.APIConnectionError):
        http.request("get", f"{server.url}/v1/charges", headers)

    del headers["Sandbox-Fault"]
    assert http.request("get", f"{server.url}/v1/charges", headers)[1] == 200
