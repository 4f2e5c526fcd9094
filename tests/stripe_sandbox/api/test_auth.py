"""Which key opens what, and how it may be sent."""

from __future__ import annotations

import pytest
import requests

from tests.stripe_sandbox.stage.calls import CHARGE, call
from tests.stripe_sandbox.stage.server import Server

pytestmark = pytest.mark.django_db(databases="__all__")


def test_basic_auth_is_as_good_as_bearer() -> None:
    status, _, _ = call("GET", "/v1/charges", Authorization="Basic c2tfdGVzdF9zYW5kYm94Og==")

    assert status == 200


def test_the_basic_auth_that_curl_uses_is_understood(server: Server) -> None:
    answer = requests.post(f"{server.url}/v1/charges", auth=("sk_test_sandbox", ""), data=CHARGE, timeout=10)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
