"""What stripe-python's types say of a parameter."""

from __future__ import annotations

import pytest

from stripe_sandbox.api import known_addresses, known_parameters, versions
from stripe_sandbox.resources.addresses import ROUTES

SESSIONS = "/v1/checkout/sessions"


def test_each_address_of_the_sandbox_has_its_types() -> None:
    assert [f"{route.method} {route.address}" for route in ROUTES if not _types(route.method, route.address)] == []


def _types(method: str, address: str) -> tuple[object, ...]:
    return known_parameters.of(method, address).types


@pytest.mark.parametrize(
    ("method", "address", "path", "values"),
    [
        ("POST", SESSIONS, "mode", {"payment", "setup", "subscription"}),
        ("POST", SESSIONS, "line_items.3.price_data.tax_behavior", {"exclusive", "inclusive", "unspecified"}),
        ("POST", SESSIONS, "metadata.anything", set()),
        ("POST", "/v1/prices", "currency_options.usd.tax_behavior", {"exclusive", "inclusive", "unspecified"}),
        ("POST", "/v1/payment_intents/:id", "setup_future_usage", {"", "off_session", "on_session"}),
        ("POST", "/v1/charges/:id/refunds", "reason", {"duplicate", "fraudulent", "requested_by_customer"}),
        ("GET", "/v1/customers/:id/cards", "limit", set()),
    ],
)
def test_a_parameter_is_found_at_any_depth(method: str, address: str, path: str, values: set[str]) -> None:
    found: known_parameters.Parameter | None = known_parameters.of(method, address)
    for step in path.split("."):
        found = found and found.inner(step)

    assert found is not None
    assert found.values == values


@pytest.mark.parametrize(
    "path", ["nonsense", "line_items.x", "line_items.0.nonsense", "mode.x", "api_key", "idempotency_key"]
)
def test_what_is_no_parameter_is_not_found(path: str) -> None:
    found: known_parameters.Parameter | None = known_parameters.of("POST", SESSIONS)
    for step in path.split("."):
        found = found and found.inner(step)

    assert found is None


def test_an_address_without_types_has_no_parameter() -> None:
    assert known_parameters.of("POST", "/v1/nonsense").inner("amount") is None


def test_what_stripe_python_says_comes_with_it() -> None:
    found = known_parameters.of("POST", SESSIONS).inner("redirect_on_completion")

    assert found is not None
    assert found.about.endswith("Defaults to `always`.")


def test_each_older_parameter_has_no_type_and_a_known_version() -> None:
    for (method, address, name), until in known_parameters.older().items():
        found: known_parameters.Parameter | None = known_parameters.of(method, address)
        for step in name.replace("[]", "[0]").replace("]", "").split("["):
            found = found and found.inner(step)
        assert found is None, name
        assert (method, address) in known_addresses.addresses()
        assert not until or until in versions.known()


@pytest.mark.parametrize(("version", "older"), [("2025-02-24.acacia", True), ("2025-03-31.basil", False)])
def test_an_older_parameter_ends_with_a_version(version: str, older: bool) -> None:
    assert known_parameters.is_older("POST", "/v1/customers", "coupon", version) is older
    assert known_parameters.is_older("POST", "/v1/charges", "card", version)
