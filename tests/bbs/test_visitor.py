"""Who is asking: a browser remembered in a signed cookie, and the network of an address."""

from __future__ import annotations

import uuid
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from bbs.middleware import behind_proxies
from bbs.visitor import COOKIE, ensure_visitor_id, forwarded_address, network_of, visitor_id

HERE = "192.0.2.1"
PROXY = "10.0.0.1"
OTHER = uuid.UUID("0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f")


def test_a_browser_is_nobody_until_it_has_seen_an_order_form() -> None:
    assert visitor_id(RequestFactory().get("/")) is None


def test_within_one_request_a_new_browser_is_the_same_one() -> None:
    request = RequestFactory().get("/")

    assert ensure_visitor_id(request) == ensure_visitor_id(request) == request.new_visitor


@pytest.mark.django_db(databases="__all__")
def test_a_browser_is_remembered_in_a_cookie_that_scripts_cannot_read(client: Client, products) -> None:
    cookie = client.get("/").cookies[COOKIE]

    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")
    assert COOKIE not in client.get("/").cookies


@pytest.mark.parametrize("value", ["", "x", OTHER.hex, f"{OTHER.hex}:1uJ000:forged"])
def test_a_cookie_that_we_did_not_sign_is_nobody(value: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = value

    assert visitor_id(request) is None


def from_address(address: str, **headers: str) -> HttpRequest:
    """Return a request as it is after the middleware."""
    request = RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)
    behind_proxies(lambda request: HttpResponse())(request)
    return request


@pytest.mark.parametrize(
    ("proxies", "said", "address"),
    [
        (0, "192.0.2.9", PROXY),
        (1, HERE, HERE),
        (1, f"192.0.2.9,192.0.2.8 ,  {HERE} ", HERE),
        (1, f"192.0.2.9, {HERE}:50123", HERE),
        (1, "[2001:db8::1]:50123", "2001:db8::1"),
        (1, "[2001:db8::1]", "2001:db8::1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, f"::ffff:{HERE}", HERE),
        (1, f"[::ffff:{HERE}]:80", HERE),
        (2, f"192.0.2.9, {HERE}, 10.0.0.2", HERE),
        (3, f"192.0.2.9, {HERE}:1, 10.0.0.3:2, 10.0.0.2:3", HERE),
        (1, "", PROXY),
        (1, " , ", PROXY),
        (2, HERE, PROXY),
        (3, f"192.0.2.9, {HERE}", PROXY),
        (1, "unknown", ""),
        (1, "999.1.2.3", ""),
        (1, "１９２.0.2.1", ""),
        (1, "[" * 5000, ""),
        (1, ":" * 5000, ""),
        (2, f"{HERE}, \x00, 10.0.0.2", ""),
    ],
)
def test_the_address_is_the_one_that_the_first_of_our_own_proxies_saw(
    settings, proxies: int, said: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies

    assert from_address(PROXY, **{"X-Forwarded-For": said}).META["REMOTE_ADDR"] == address


def test_behind_a_proxy_that_says_nothing_its_own_address_counts(settings) -> None:
    settings.TRUSTED_PROXIES = 1

    assert from_address(f"{PROXY}:50123").META["REMOTE_ADDR"] == PROXY


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (HERE, HERE),
        (f"{HERE}:50123", HERE),
        (f"::ffff:{HERE}", HERE),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:ffff:ffff:ffff:ffff]:443", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
        ("localhost", "unknown"),
    ],
)
def test_one_address_is_one_of_ipv4_or_64_bits_of_ipv6(address: str, network: str) -> None:
    assert network_of(from_address(address)) == network


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_several_headers_are_one_list(site: str, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRUSTED_PROXIES, seen = 2, []
    monkeypatch.setattr("bbs.middleware.forwarded_address", lambda request: seen.append(forwarded_address(request)))

    with closing(HTTPConnection(urlsplit(site).netloc)) as connection:
        connection.putrequest("GET", "/config/")
        for said in ("192.0.2.9", HERE, "10.0.0.2"):
            connection.putheader("X-Forwarded-For", said)
        connection.endheaders()

        assert connection.getresponse().read()
    assert seen == [HERE]
