"""The address at which this server is visited is in what the API answers."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from tests.stripe_sandbox.stage.calls import CHARGE, SECRET

pytestmark = pytest.mark.django_db(databases="__all__")
FORM = "application/x-www-form-urlencoded"


def receipt_seen_at(host: str, client: Client, **more: object) -> str:
    headers = {"Authorization": f"Bearer {SECRET}", "Host": host}
    answer = client.post("/v1/charges", "amount=2000&currency=jpy&source=tok_visa", FORM, headers=headers, **more)
    return answer.json()["receipt_url"]


def test_a_link_leads_to_the_server_that_was_asked(client: Client) -> None:
    assert receipt_seen_at("localhost:8001", client).startswith("http://localhost:8001/sandbox/receipts/ch_")
    assert receipt_seen_at("127.0.0.1", client, secure=True).startswith("https://127.0.0.1/sandbox/receipts/ch_")


def test_outside_of_a_request_a_link_leads_where_the_server_was_last_seen(
    api: stripe.StripeClient, client: Client
) -> None:
    client.get("/sandbox/", headers={"Host": "localhost:8002"})

    charge = api.v1.charges.create(params=CHARGE)

    assert charge.receipt_url.startswith("http://localhost:8002/")
