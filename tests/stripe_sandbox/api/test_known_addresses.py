"""Every address that Stripe has is answered: by its route, or as the sandbox's limit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import stripe

from stripe_sandbox.api import known_addresses
from stripe_sandbox.resources.addresses import ROUTES
from tests.stripe_sandbox.stage.calls import PUBLISHABLE, call
from tests.stripe_sandbox.stage.server import Server

_IN_THE_SDK = re.compile(r'"(get|post|delete)",\s{0,99}"(/v[12]/[^"]*)"')


def of_the_sdk() -> set[tuple[str, str]]:
    """Return each address that stripe-python calls, with `:id` for an id."""
    modules = Path(stripe.__file__).parent.rglob("*.py")
    found = (match for module in modules for match in _IN_THE_SDK.finditer(module.read_text(encoding="utf-8")))
    return {(match[1].upper(), re.sub(r"\{[^}]*\}", ":id", match[2])) for match in found}


def test_the_list_holds_every_address_of_stripe_python_and_of_the_sandbox() -> None:
    ours = {(route.method, re.sub(r"\{[^}]*\}", ":id", route.path)) for route in ROUTES}

    assert len(of_the_sdk()) > 600
    assert (of_the_sdk() | ours) - set(known_addresses.addresses()) == set()


@pytest.mark.django_db(databases="__all__")
def test_an_address_that_only_the_sandbox_lacks_is_its_limit() -> None:
    ours = {(route.method, re.sub(r"\{[^}]*\}", ":id", route.path)) for route in ROUTES}
    lacking = [address for address in known_addresses.addresses() if address not in ours]

    for method, path in lacking:
        path = path.replace(":id", "id_1")
        status, body, _ = call(method, path, "query=a")
        assert (status, body["error"].get("code")) == (404, "sandbox_limit"), path
        assert f"The sandbox does not support the address {method} {path}." in body["error"]["message"]


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nonsense"),
        ("GET", "/v2/nonsense"),
        ("GET", "/v1"),
        ("DELETE", "/v1/charges"),
        ("POST", "/v1/charges/ch_1/search"),
        ("GET", "/v1/charges/ch_1/capture/more"),
    ],
)
def test_an_address_that_stripe_does_not_have_is_stripes_404(method: str, path: str) -> None:
    status, body, _ = call(method, path)

    wanted = f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at "
    assert status == 404
    assert body["error"] == {"message": f"{wanted}https://support.stripe.com/.", "type": "invalid_request_error"}


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/charges/"),
        ("GET", "/v1/checkout/sessions/"),
        ("GET", "/v1/customers/cus_1/sources/"),
        ("POST", "/v1/payment_intents/"),
        ("POST", "/v1/payment_intents//confirm"),
        ("DELETE", "/v1/customers/"),
        ("GET", "/v1/subscriptions/"),
    ],
)
def test_an_empty_id_is_refused_as_stripe_does(method: str, path: str) -> None:
    status, body, _ = call(method, path)

    wanted = (
        f"Unrecognized request URL ({method}: {path}). If you are trying to list objects, remove the trailing slash."
    )
    assert status == 404
    assert body["error"]["message"].startswith(wanted)


@pytest.mark.django_db(databases="__all__")
def test_v2_answers_what_the_sdk_reads(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=r"does not support the address GET /v2/core/events"):
        api.v2.core.events.list({"object_id": "ch_1"})


@pytest.mark.django_db(databases="__all__")
def test_v2_needs_a_secret_key_too() -> None:
    assert call("GET", "/v2/core/events", key="")[0] == 401
    assert call("GET", "/v2/core/events", key=PUBLISHABLE)[0] == 404


@pytest.mark.django_db(databases="__all__")
def test_an_address_of_connects_other_host_answers_what_the_sdk_reads(server: Server) -> None:
    options = {"connect": server.url}
    client = stripe.StripeClient("sk_test_sandbox", base_addresses=options)

    with pytest.raises(stripe.InvalidRequestError, match="does not support the address POST /oauth/token"):
        client.oauth.token({"grant_type": "authorization_code", "code": "ac_1"})
