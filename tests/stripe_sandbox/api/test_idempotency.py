"""One key, one effect: however many ask at once, and whatever breaks on the way."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from stripe_sandbox.api import idempotency
from stripe_sandbox.api.calls import Call
from stripe_sandbox.models import IdempotencyKey
from tests.stripe_sandbox.stage.calls import call
from tests.stripe_sandbox.stage.server import Server

FORM = "amount=2000&currency=jpy&source=tok_visa"


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
