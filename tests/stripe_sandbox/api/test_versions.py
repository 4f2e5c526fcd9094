"""A call in an older version of Stripe's API may say what was removed since, and the answer says in which it is."""

from __future__ import annotations

from typing import get_args

import pytest
import stripe
from stripe.params import WebhookEndpointCreateParams

from stripe_sandbox.api import versions
from tests.stripe_sandbox.stage.calls import call

pytestmark = pytest.mark.django_db(databases="__all__")
NEWEST = stripe.api_version


def test_every_version_that_the_sdk_knows_is_known() -> None:
    listed = set(get_args(get_args(WebhookEndpointCreateParams.__annotations__["api_version"])[0]))

    assert len(listed) > 100
    assert listed | {NEWEST} == versions.known()


@pytest.mark.parametrize("version", ["2011-01-01", "2020-08-27", "2024-06-20", "2026-08-26.dahlia"])
def test_a_known_version_is_answered_in_the_newest_shape_and_says_so(version: str) -> None:
    status, _, headers = call("GET", "/v1/charges", Stripe_Version=version)

    assert (status, headers["Stripe-Version"], headers["Sandbox-Answer-Version"]) == (200, version, NEWEST)


@pytest.mark.parametrize("named", [{}, {"Stripe_Version": NEWEST}, {"Stripe_Version": ""}])
def test_the_newest_version_needs_no_notice(named: dict[str, str]) -> None:
    _, _, headers = call("GET", "/v1/charges", **named)

    assert headers["Stripe-Version"] == NEWEST
    assert "Sandbox-Answer-Version" not in headers


@pytest.mark.parametrize(
    "version",
    [
        "not-a-real-version",
        "2024",
        "2024-13-45",
        "2024-06-20x",
        "2024-06-20.",
        "20240620",
        "2024-W01-1",
        "v1",
        "é" * 500,
    ],
)
def test_what_is_no_version_is_refused_as_stripe_does(version: str) -> None:
    status, body, headers = call("GET", "/v1/customers", "limit=1", Stripe_Version=version)

    wanted = {"message": f"Invalid Stripe API version: {version[:100]}", "type": "invalid_request_error"}
    assert (status, body["error"]) == (400, wanted)
    assert headers["Stripe-Version"] == version.encode("ascii", "replace").decode()[:100]


@pytest.mark.parametrize("version", ["2024-06-21", "2031-01-01.zinnia", "2026-10-28.preview", "2020-08-27; a_beta=v1"])
def test_a_version_that_may_be_one_is_the_sandboxes_limit(version: str) -> None:
    status, body, _ = call("GET", "/v1/customers", Stripe_Version=version)

    assert (status, body["error"]["code"]) == (400, "sandbox_limit")
    assert body["error"]["message"].startswith(f"The sandbox does not support the API version {version}.")


def test_each_removal_names_a_known_version_and_its_source() -> None:
    for removal in versions.removals().values():
        assert removal["version"] in versions.known()
        assert removal["source"].startswith("https://docs.stripe.com/")
        assert removal["parameters"]
