"""Whatever stripe-python's types know is supported, asks for nothing, or is refused as the sandbox's limit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stripe_sandbox.api import known_parameters, limits, schema
from stripe_sandbox.api.routes import Route
from stripe_sandbox.errors import ApiError
from stripe_sandbox.resources.addresses import ROUTES
from tests.stripe_sandbox.stage.calls import call
from tests.stripe_sandbox.stage.parameters import filled, known, put, values, written


def refusals(route: Route) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield what an address refuses in Stripe's name, of all that stripe-python's types know there."""
    for steps, parameter in known(known_parameters.of(route.method, route.address)):
        for value in values(parameter, written(steps)):
            try:
                schema.clean(route.params, limits.supported(route, filled(route.params, put(steps, value))))
            except ApiError as error:
                if error.body.get("code") != "sandbox_limit":
                    yield written(steps), value, error.body


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.address}")
def test_nothing_that_stripe_knows_is_refused_in_its_name(route: Route) -> None:
    assert list(refusals(route)) == []


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.address}")
def test_what_stripe_does_not_know_is_never_accepted(route: Route) -> None:
    hashes = [
        steps for steps, parameter in known(known_parameters.of(route.method, route.address)) if parameter.names()
    ]

    for steps in [(), *hashes]:
        asked = filled(route.params, put((*steps, "nonsense"), "1"))
        assert refused(route, asked) in ("parameter_unknown", "sandbox_limit"), steps


def refused(route: Route, asked: dict[str, object]) -> str:
    """Return the code of a refusal; "" where there is none."""
    try:
        schema.clean(route.params, limits.supported(route, asked))
    except ApiError as error:
        return str(error.body.get("code"))
    return ""


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("path", "form", "message", "param"),
    [
        ("customers", "tax_id_data[0][type]=eu_vat", "the parameter 'tax_id_data'", "tax_id_data"),
        ("payment_intents", "off_session=recurring", "`recurring` as `off_session`", "off_session"),
        ("tokens", "card=card_1", "a text as `card`", "card"),
        (
            "checkout/sessions",
            "allowed_payment_method_types[0]=ideal",
            "`ideal` as ",
            "allowed_payment_method_types[0]",
        ),
        ("checkout/sessions", "line_items[0][adjustable_quantity][enabled]=true", "the parameter", None),
        ("charges", "card=tok_1", "the parameter 'card'", "card"),
    ],
)
def test_the_limit_is_named(path: str, form: str, message: str, param: str | None) -> None:
    status, body, _ = call("POST", f"/v1/{path}", form)

    assert (status, body["error"]["code"]) == (400, "sandbox_limit")
    assert body["error"]["message"].startswith(f"The sandbox does not support {message}")
    assert param is None or body["error"]["param"] == param


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("coupon=A&nonsense=1", "Received unknown parameter: nonsense"),
        ("nonsense=1&test_clock=A", "Received unknown parameter: nonsense"),
        ("cash_balance[nonsense]=1", "The sandbox does not support the parameter 'cash_balance'"),
    ],
)
def test_what_is_unknown_is_named_before_a_limit(form: str, message: str) -> None:
    headers = {"Stripe_Version": "2024-06-20"}

    assert call("POST", "/v1/customers", form, **headers)[1]["error"]["message"].startswith(message)


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("version", "code"),
    [("2024-06-20", "sandbox_limit"), ("2025-03-31.basil", "parameter_unknown"), ("", "parameter_unknown")],
)
def test_what_a_version_removed_is_a_limit_before_it(version: str, code: str) -> None:
    headers = {"Stripe_Version": version} if version else {}

    assert call("POST", "/v1/customers", "coupon=A", **headers)[1]["error"]["code"] == code


def test_the_limits_of_an_address_are_what_it_does_not_support() -> None:
    route = next(one for one in ROUTES if (one.method, one.path) == ("POST", "/v1/refunds"))

    assert limits.parameters(route) == ["currency", "customer", "origin", "refund_application_fee", "reverse_transfer"]
