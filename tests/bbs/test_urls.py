"""The addresses: which methods they take, and what they make of an odd query."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db(databases="__all__")


WRONG_METHODS = {
    "/": ["put", "delete"],
    "/checkout/": ["put", "delete"],
    "/success/": ["post"],
    "/canceled/": ["post"],
    "/payments/0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f/": ["put"],
    "/config/": ["post"],
    "/create-checkout-session/": ["get", "put"],
    "/checkout-session/": ["post"],
    "/webhook/": ["get"],
    "/flow/": ["get"],
    "/healthz": ["post"],
}


@pytest.mark.parametrize(("path", "method"), [(path, method) for path, ms in WRONG_METHODS.items() for method in ms])
def test_a_wrong_method_is_answered_405(client: Client, path: str, method: str) -> None:
    assert getattr(client, method)(path).status_code == 405


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/?before=%FF", 400),
        ("/?product=%FF%00", 400),
        ("/success/?session_id=%00", 400),
        ("/canceled/?payment=%FF", 200),
        ("/checkout-session/?sessionId=%00", 400),
    ],
)
def test_addresses_that_are_no_text_do_no_harm(client: Client, products, address: str, status: int) -> None:
    assert client.get(address).status_code == status


@pytest.mark.parametrize("path", ["/config", "/checkout-session"])
def test_addresses_of_other_clients_work_without_their_slash(client: Client, products, path: str) -> None:
    assert client.get(path).status_code == client.get(f"{path}/").status_code != 301
