"""The API over HTTP."""

from __future__ import annotations

import pytest
import requests
import stripe

from tests.stripe_sandbox.stage.calls import SECRET
from tests.stripe_sandbox.stage.server import Server


def test_a_header_breaks_the_connection_of_one_call_over_http(server: Server) -> None:
    http = stripe.RequestsClient()
    headers = {"Authorization": f"Bearer {SECRET}", "Sandbox-Fault": "drop"}

    with pytest.raises(stripe.APIConnectionError):
        http.request("get", f"{server.url}/v1/charges", headers)

    del headers["Sandbox-Fault"]
    assert http.request("get", f"{server.url}/v1/charges", headers)[1] == 200


def test_a_body_that_the_server_does_not_read_gets_stripes_shape_too(server: Server) -> None:
    answer = requests.post(f"{server.url}/v1/charges", auth=("sk_test_sandbox", ""), data=b"a" * 2_700_000, timeout=10)

    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/json")
    assert answer.json()["error"]["message"] == "Your request is too large."
