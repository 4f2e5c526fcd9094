"""The table of addresses: which one a call means."""

from __future__ import annotations

import pytest

from stripe_sandbox.api.routes import Route, find
from stripe_sandbox.errors import ApiError
from stripe_sandbox.resources.addresses import ROUTES


def handler() -> dict[str, object]:
    return {}


TABLE = [Route("GET", "/v1/things", handler), Route("POST", "/v1/things/{sid}/close", handler)]


@pytest.mark.parametrize(
    ("method", "path", "route", "place"),
    [
        ("GET", "/v1/things", TABLE[0], {}),
        ("POST", "/v1/things/th_1/close", TABLE[1], {"sid": "th_1"}),
        ("POST", "/v1/things/日本/close", TABLE[1], {"sid": "日本"}),
    ],
)
def test_an_address_is_found_with_the_ids_in_it(method: str, path: str, route: Route, place: dict[str, str]) -> None:
    assert find(TABLE, method, path) == (route, place)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/things"),
        ("GET", "/v1/things/"),
        ("GET", "/v1/thingsx"),
        ("POST", "/v1/things/a/b/close"),
        ("POST", "/v1/things//close"),
    ],
)
def test_what_is_not_in_the_table_is_stripes_404(method: str, path: str) -> None:
    with pytest.raises(ApiError, match="Unrecognized request URL") as caught:
        find(TABLE, method, path)

    assert caught.value.status == 404


def test_no_two_addresses_of_the_api_are_the_same() -> None:
    addresses = [(route.method, route.path) for route in ROUTES]

    assert len(set(addresses)) == len(addresses)
