"""The API over HTTP."""

from __future__ import annotations

import socket
from typing import Any

import pytest
import requests
import stripe
from django.test import Client, RequestFactory

from stripe_sandbox.api import endpoint
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


@pytest.mark.parametrize("server", ["gunicorn", "waitress"])
def test_a_server_that_shows_its_connection_has_it_broken(server: str) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel = type("Channel", (), {"socket": ours, "is_gone": lambda self: False})()
        shown = {"gunicorn": {"gunicorn.socket": ours}, "waitress": {"waitress.client_disconnected": channel.is_gone}}

        endpoint._broken(RequestFactory().get("/", **shown[server]), "drop")

        assert theirs.recv(1) == b""


def test_a_caller_who_did_not_wait_is_no_error() -> None:
    gone = socket.socket()
    gone.close()

    assert endpoint._broken(RequestFactory().get("/", **{"gunicorn.socket": gone}), "drop").status_code == 504


@pytest.mark.django_db(databases="__all__")
def test_calls_that_a_fault_lets_time_out_leave_threads_for_the_others(client: Client, settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"FAULT_TIMEOUT": 3600}
    headers = {"Authorization": f"Bearer {SECRET}", "Sandbox-Fault": "timeout_before"}
    with endpoint._silent, endpoint._silent:  # as two calls do that are silent now
        assert client.get("/v1/charges", headers=headers).status_code == 504

    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"FAULT_TIMEOUT": 0}
    for _ in range(3):
        assert client.get("/v1/charges", headers=headers).status_code == 504
