"""The log of calls on the dashboard."""

from __future__ import annotations

import pytest
from django.test import Client

from stripe_sandbox import conf
from stripe_sandbox.dashboard.requests import curl
from stripe_sandbox.models import LoggedRequest
from tests.stripe_sandbox.stage.calls import call

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def _calls() -> None:
    call("POST", "/v1/charges", "amount=2000&currency=jpy&source=tok_visa", Idempotency_Key="it's mine")
    call("GET", "/v1/charges", "limit=3")
    call("DELETE", "/v1/products/prod_x")


@pytest.mark.parametrize(
    ("chosen", "methods"),
    [
        ({}, ["DELETE", "GET", "POST"]),
        ({"method": "GET"}, ["GET"]),
        ({"method": "PATCH"}, ["DELETE", "GET", "POST"]),
        ({"status": "4"}, ["DELETE"]),
        ({"path": "/v1/charges"}, ["GET", "POST"]),
        ({"path": "/v1/charges", "method": "POST", "status": "2"}, ["POST"]),
    ],
)
def test_calls_are_chosen_by_method_status_and_path(chosen: dict[str, str], methods: list[str], client: Client) -> None:
    page = client.get("/sandbox/requests/", chosen).content.decode()

    assert sorted(c.method for c in LoggedRequest.objects.all() if c.request_id in page) == methods


@pytest.mark.parametrize(
    ("method", "lines"),
    [
        (
            "POST",
            [
                "-u sk_test_sandbox:",
                """-H 'Idempotency-Key: it'"'"'s mine'""",
                "-d amount=2000",
                "-d currency=jpy",
                "-d source=tok_visa",
            ],
        ),
        ("GET", ["-u sk_test_sandbox:", "-G", "-d limit=3"]),
        ("DELETE", ["-u sk_test_sandbox:", "-X DELETE"]),
    ],
)
def test_a_call_is_shown_as_a_command(method: str, lines: list[str]) -> None:
    logged = LoggedRequest.objects.get(method=method)

    first, *rest = curl(logged).split(" \\\n  ")

    assert first.endswith(logged.path)
    assert rest == lines


def test_one_call_is_shown_with_its_answer(client: Client) -> None:
    logged = LoggedRequest.objects.get(method="DELETE")

    page = client.get(f"/sandbox/requests/{logged.request_id}/").content.decode()

    assert "No such product" in page
    assert client.get("/sandbox/requests/req_x/").status_code == 404


@pytest.mark.parametrize(("version", "shown"), [("2020-08-27", True), (conf.API_VERSION, False)])
def test_an_older_version_is_shown_with_the_one_of_the_answer(version: str, shown: bool, client: Client) -> None:
    call("GET", "/v1/refunds", Stripe_Version=version)
    logged = LoggedRequest.objects.get(path="/v1/refunds")

    page = client.get(f"/sandbox/requests/{logged.request_id}/").content.decode()

    assert logged.version == (version if shown else "")
    assert (f"<code>{version}</code>: the response has the shape of {conf.API_VERSION}" in page) is shown
    assert ("-H 'Stripe-Version: 2020-08-27'" in curl(logged)) is shown
