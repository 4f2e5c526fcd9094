"""A sandbox that other machines reach posts webhooks to no private address, however it is written or found."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import stripe

from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import Attempt, StripeObject
from stripe_sandbox.testing import drain
from stripe_sandbox.webhooks import destinations, endpoints
from tests.stripe_sandbox.stage.calls import CHARGE
from tests.stripe_sandbox.stage.server import Endpoint, listen

database = pytest.mark.django_db(databases="__all__")

PRIVATE = [
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104
    *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:a01:203", "2002:7f00:1::", "64:ff9b::a01:203"),
    *("fec0::1", "64:ff9b:1::a01:203", "::127.0.0.1", "::ffff:0:7f00:1", "168.63.129.16"),
]
PUBLIC = ["93.184.215.14", "172.32.0.1", "2606:4700::1111", "64:ff9b::5db8:d70e"]
WRITTEN = [
    *("localhost", "LocalHost.", "shop.localhost", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1"),
    *("１２７.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0", "10.1.2.3", "169.254.169.254"),
]


@pytest.fixture
def allow(settings: Any) -> Callable[..., None]:
    """Set the private addresses that webhooks may go to."""

    def choose(*entries: str) -> None:
        settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_ALLOW": entries}

    return choose


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The addresses that a name is looked up as, one for each time."""
    names: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *args: Any, **more: Any) -> list[Any]:
        return real(names[host].pop(0) if host in names else host, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return names


@contextmanager
def listening() -> Iterator[tuple[Endpoint, int]]:
    """Open an endpoint on this machine, and yield it with its port."""
    endpoint, http = listen()
    yield endpoint, http.server_port
    http.shutdown()
    http.server_close()


@pytest.mark.parametrize("address", PRIVATE)
def test_these_addresses_are_private(address: str, allow: Callable[..., None]) -> None:
    allow()
    assert not destinations.is_allowed("a.example", ipaddress.ip_address(address))
    allow("*")
    assert destinations.is_allowed("a.example", ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_these_are_public(address: str, allow: Callable[..., None]) -> None:
    allow()
    assert destinations.is_allowed("a.example", ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("entry", "allowed"),
    [
        *(("10.0.0.0/8", True), ("10.1.2.3", True), ("10.1.2.3/8", True), ("shop.INTERNAL", True), ("*", True)),
        *(("10.2.0.0/16", False), ("internal", False), ("fc00::/7", False), ("", False)),
    ],
)
def test_the_settings_allow_names_addresses_and_networks(entry: str, allowed: bool, allow: Callable[..., None]) -> None:
    allow("192.168.7.7", entry)

    assert destinations.is_allowed("Shop.Internal", ipaddress.ip_address("::ffff:10.1.2.3")) is allowed


@database
@pytest.mark.parametrize("host", WRITTEN)
def test_an_endpoint_there_is_refused_in_the_sandboxs_own_words(
    host: str, api: stripe.StripeClient, allow: Callable[..., None]
) -> None:
    allow()
    public = api.v1.webhook_endpoints.create(params={"url": "https://a.example/", "enabled_events": ["*"]})

    for attempt in (
        lambda: api.v1.webhook_endpoints.create(params={"url": f"http://{host}:9/x", "enabled_events": ["*"]}),
        lambda: api.v1.webhook_endpoints.update(public.id, params={"url": f"http://{host}/x"}),
    ):
        with pytest.raises(stripe.InvalidRequestError, match="this is the sandbox's limit") as refused:
            attempt()
        assert (refused.value.code, refused.value.param) == ("sandbox_limit", "url")
        assert "STRIPE_SANDBOX_WEBHOOK_ALLOW" in str(refused.value)

    allow("*")
    assert api.v1.webhook_endpoints.create(params={"url": f"http://{host}:9/x", "enabled_events": ["*"]}).secret


@database
def test_a_name_of_a_private_address_gets_nothing_and_the_delivery_says_why(
    api: stripe.StripeClient, allow: Callable[..., None], found: dict[str, list[str]], settings: Any
) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_URL": ""}
    allow()
    found["thief.example"] = ["127.0.0.1"]
    with listening() as (endpoint, port):
        url = f"http://thief.example:{port}/webhook/"
        api.v1.webhook_endpoints.create(params={"url": url, "enabled_events": ["*"]})
        api.v1.charges.create(params=CHARGE)
        drain()

    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.url, endpoint.got) == (0, url, [])
    assert attempt.answer.startswith("Other machines may reach this sandbox")
    assert "127.0.0.1" not in attempt.answer


@database
def test_an_allowed_one_is_posted_to_under_its_name(
    api: stripe.StripeClient, allow: Callable[..., None], found: dict[str, list[str]], settings: Any
) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_URL": ""}
    allow("shop.internal")
    # A second lookup would find nothing: what is connected to is what was checked.
    found["shop.internal"] = ["127.0.0.1"]
    with listening() as (endpoint, port):
        url = f"http://shop.internal:{port}/webhook/"
        made = api.v1.webhook_endpoints.create(params={"url": url, "enabled_events": ["*"]})
        api.v1.charges.create(params=CHARGE)
        drain()

    assert Attempt.objects.get().status == 200
    assert endpoint.hosts == [f"shop.internal:{port}"]
    assert [event.type for event in endpoint.events(made.secret)] == ["charge.succeeded"]


@database
def test_the_endpoint_of_the_settings_is_posted_to_wherever_it_is(
    api: stripe.StripeClient, allow: Callable[..., None], settings: Any
) -> None:
    allow()
    with listening() as (endpoint, _):
        settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_URL": endpoint.url}
        api.v1.charges.create(params=CHARGE)
        drain()

    assert len(endpoint.got) == 1
    assert StripeObject.objects.get(kind=endpoints.KIND).sid == endpoints.CONFIGURED


def test_of_several_addresses_only_an_allowed_one_is_tried(
    allow: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 9)) for address in ("127.0.0.2", "127.0.0.1")]
    tried: list[tuple[str, int]] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: places)
    monkeypatch.setattr(socket, "create_connection", lambda place, timeout: tried.append(place))

    allow("127.0.0.1")
    destinations.connect("a.example", 9, 1)

    assert tried == [("127.0.0.1", 9)]
    allow()
    with pytest.raises(ApiError, match=r"a\.example is private"):
        destinations.connect("a.example", 9, 1)
