"""A parameter out of the sandbox's part is accepted where its value asks for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlencode

import pytest

from stripe_sandbox.api import known_parameters, no_ops
from stripe_sandbox.api.known_parameters import Parameter
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.schema import Array, Hash
from stripe_sandbox.resources.addresses import ROUTES
from tests.stripe_sandbox.stage.calls import call
from tests.stripe_sandbox.stage.parameters import Steps, known, written

ITEM = (
    "line_items[0][price_data][currency]=jpy&line_items[0][price_data][unit_amount]=2000"
    "&line_items[0][price_data][product_data][name]=T&line_items[0][quantity]=1"
)
SESSION = f"mode=payment&success_url=https://shop.example/&{ITEM}"
INTENT = "amount=2000&currency=jpy"
NEVER = ("subscription_data", "setup_intent_data")
ENDPOINT = "url=https://shop.example/&enabled_events[]=*"
# An address, what it needs, a parameter that asks for nothing, and the same one as it asks for something.
ROWS = [
    ("checkout/sessions", SESSION, "invoice_creation[enabled]=false", "invoice_creation[enabled]=true"),
    ("checkout/sessions", SESSION, "tax_id_collection[enabled]=false", "tax_id_collection[enabled]=true"),
    (
        "checkout/sessions",
        SESSION,
        "after_expiration[recovery][enabled]=false",
        "after_expiration[recovery][enabled]=true",
    ),
    ("checkout/sessions", SESSION, "consent_collection[promotions]=none", "consent_collection[promotions]=auto"),
    (
        "checkout/sessions",
        SESSION,
        "name_collection[business][enabled]=false",
        "name_collection[business][enabled]=true",
    ),
    (
        "checkout/sessions",
        SESSION,
        "customer_update[address]=never&customer_update[name]=never",
        "customer_update[address]=never&customer_update[name]=auto",
    ),
    (
        "checkout/sessions",
        SESSION,
        "payment_method_options[card][request_three_d_secure]=automatic",
        "payment_method_options[card][request_three_d_secure]=any",
    ),
    (
        "checkout/sessions",
        SESSION,
        "saved_payment_method_options[payment_method_save]=disabled",
        "saved_payment_method_options[payment_method_save]=enabled",
    ),
    (
        "checkout/sessions",
        SESSION,
        "line_items[0][adjustable_quantity][enabled]=false",
        "line_items[0][adjustable_quantity][enabled]=true",
    ),
    ("checkout/sessions", SESSION, "discounts=", "discounts[0][coupon]=a"),
    ("customers", "", "validate=false", "validate=true"),
    ("webhook_endpoints", ENDPOINT, "connect=false", "connect=true"),
]


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(("path", "needed", "nothing", "something"), ROWS)
def test_what_asks_for_nothing_is_accepted(path: str, needed: str, nothing: str, something: str) -> None:
    plain = call("POST", f"/v1/{path}", needed)[1]
    accepted, with_nothing, _ = call("POST", f"/v1/{path}", f"{needed}&{nothing}")
    refused, body, _ = call("POST", f"/v1/{path}", f"{needed}&{something}")

    assert (accepted, plain.keys()) == (200, with_nothing.keys())
    assert (refused, body["error"]["code"]) == (400, "sandbox_limit")


@pytest.mark.parametrize(
    ("path", "value", "nothing"),
    [
        ("tax_id_collection", {"enabled": "false"}, True),
        ("tax_id_collection", {"enabled": "false", "required": "never"}, True),
        ("tax_id_collection", {"enabled": "false", "required": "if_supported"}, False),
        ("tax_id_collection", {"nonsense": "false"}, False),
        ("tax_id_collection", {}, False),
        ("tax_id_collection", "", False),
        ("optional_items", {"0": {"adjustable_quantity": {"enabled": "false"}}}, False),
        ("subscription_data", {"billing_mode": {"type": "flexible"}}, False),
        ("payment_method_options", {"card": {"request_three_d_secure": "automatic"}}, True),
        ("payment_method_options", {"konbini": {"expires_after_days": "3"}}, True),
        ("payment_method_options", {"konbini": {"expires_after_days": "4"}}, False),
    ],
)
def test_each_value_of_a_hash_counts(path: str, value: object, nothing: bool) -> None:
    parameter = known_parameters.of("POST", "/v1/checkout/sessions").inner(path)

    assert parameter is not None
    assert no_ops.asks_for_nothing(parameter, value, path) is nothing


@pytest.mark.parametrize(
    ("types", "about", "values"),
    [
        ((bool,), "Enables it.", "false"),
        ((bool,), "Whether it is on. Defaults to `true`.", "true"),
        ((Literal["auto", "never"], str), "Saves it. Defaults to `never`.", "never"),
        ((Literal["auto", "never"], str), "This is the `auto` behavior, and it is the default choice.", "auto"),
        ((Literal["disabled", "enabled"], str), "Lets customers save cards. Disabled by default.", "disabled"),
        ((Literal["none", "required"], str), "If `required`, it is asked for.", "none"),
        ((Literal["create_prorations", "none"], str), "The default is `create_prorations`.", "create_prorations"),
        ((Literal["a", "b"], str), "The default is `a`, or by default `b`.", None),
        ((Literal["a", "b"], str), "Defaults to `a`. Before 2018 it defaults to `b`.", None),
        ((Literal[""], str), "", ""),
        ((int,), "After so many days. Defaults to 3 days.", "3"),
        ((int,), "Defaults to 1 except for when it is not.", None),
        ((str,), "Defaults to your name.", None),
    ],
)
def test_the_documented_default_or_the_value_that_leaves_it_off(
    types: tuple[object, ...], about: str, values: str | None
) -> None:
    assert no_ops.of(Parameter(types, about)) == (frozenset() if values is None else {values})


def nothings() -> Iterator[tuple[Route, str, str]]:
    """Yield each parameter that the sandbox does not support, with each value that asks for nothing."""
    for route in ROUTES:
        for steps, parameter in known(known_parameters.of(route.method, route.address)):
            name = no_ops.named(written(steps))
            for value in sorted(no_ops.of(parameter) | {value for also, value in no_ops.also() if also == name}):
                if is_unsupported(route, steps):
                    yield route, written(steps), value


def is_unsupported(route: Route, steps: Steps) -> bool:
    """Return whether a value that asks for something is refused, and no place of an array is on the way."""
    supported: object = Hash(fields=route.params)
    for step in steps:
        if isinstance(supported, Array) and step == "0":
            supported = supported.item
        elif isinstance(supported, Hash):
            supported = supported.fields.get(step)
        else:
            return supported is None and "0" not in steps[steps.index(step) :]
    return supported is None and steps[-1] != "0"


FOUND = list(nothings())
CREATED = {
    "/v1/checkout/sessions": SESSION,
    "/v1/customers": "name=Taro",
    "/v1/payment_intents": INTENT,
    "/v1/prices": "currency=jpy&unit_amount=2000&product_data[name]=T",
    "/v1/products": "name=T",
    "/v1/webhook_endpoints": ENDPOINT,
}


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("path", CREATED)
def test_all_that_asks_for_nothing_changes_nothing_together(path: str) -> None:
    said = [(name, value) for route, name, value in FOUND if (route.method, route.path) == ("POST", path)]
    said = [one for one in said if not one[0].startswith(NEVER)]
    asked = {name: value for name, value in said if not any(other.startswith(f"{name}[") for other, _ in said)}
    plain = call("POST", path, CREATED[path])[1]

    status, body, _ = call("POST", path, f"{CREATED[path]}&{urlencode(asked)}")

    assert status == 200, body
    assert len(asked) >= 1
    assert {name for name in body if body[name] != plain[name]} <= {
        "id", "client_secret", "created", "expires_at", "invoice_prefix", "product", "secret", "url",
    }  # fmt: skip


def test_what_is_written_down_is_what_no_rule_finds() -> None:
    """At one address at least."""
    unruled = {(no_ops.named(name), value) for route, name, value in FOUND if value not in rule(route, name)}

    assert unruled == no_ops.also()


def rule(route: Route, name: str) -> frozenset[str]:
    found: Parameter | None = known_parameters.of(route.method, route.address)
    for step in name.replace("]", "").split("["):
        found = found and found.inner(step)
    assert found is not None
    return no_ops.of(found)
