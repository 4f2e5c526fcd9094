"""What a version removed is accepted in an older one, and refused from then on."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from stripe_sandbox.api import versions
from tests.stripe_sandbox.stage.calls import call

pytestmark = pytest.mark.django_db(databases="__all__")

OPEN = "mode=payment&success_url=https://shop.example/"
OLD_ITEM = "line_items[0][name]=T&line_items[0][amount]=2000&line_items[0][currency]=jpy&line_items[0][quantity]=2"
ITEM = (
    "line_items[0][price_data][currency]=jpy&line_items[0][price_data][unit_amount]=2000"
    "&line_items[0][price_data][product_data][name]=T&line_items[0][quantity]=1"
)
SESSIONS, INTENTS = "/v1/checkout/sessions", "/v1/payment_intents"
# Each removal: an address, and a form that uses what was removed.
USES = [
    ("payment_method_types", SESSIONS, f"{OPEN}&{ITEM}&payment_method_types[]=card"),
    ("payment_method_types", INTENTS, "amount=2000&currency=jpy&payment_method_types[]=card"),
    ("line_item_fields", SESSIONS, f"{OPEN}&{OLD_ITEM}"),
    ("old_ui_modes", SESSIONS, f"{OPEN}&{ITEM}&ui_mode=hosted"),
]


def before(name: str) -> str:
    """Return the last version that still had something."""
    removed = versions.removals()[name]["version"]
    return next(old for old, new in pairwise(sorted(versions.known())) if new == removed)


def test_every_removal_is_used_here() -> None:
    assert {name for name, *_ in USES} == set(versions.removals())


@pytest.mark.parametrize(("name", "path", "form"), USES)
def test_what_was_removed_is_accepted_before_and_refused_since(name: str, path: str, form: str) -> None:
    old = call("POST", path, form, Stripe_Version=before(name))
    since = call("POST", path, form, Stripe_Version=versions.removals()[name]["version"])
    now = call("POST", path, form)

    assert (old[0], since[0], now[0]) == (200, 400, 400)
    assert since[1]["error"].get("code") != "sandbox_limit"
    assert since[1] == now[1]


def test_an_old_line_item_is_sold_as_it_was_meant() -> None:
    form = f"{OPEN}&{OLD_ITEM}&line_items[0][description]=d&expand[]=line_items.data.price.product"

    session = call("POST", SESSIONS, form, Stripe_Version="2020-08-27")[1]

    item: dict[str, Any] = session["line_items"]["data"][0]
    assert (session["amount_total"], session["currency"], item["quantity"]) == (4000, "jpy", 2)
    assert (item["price"]["product"]["name"], item["price"]["product"]["description"]) == ("T", "d")


@pytest.mark.parametrize("missing", ["amount", "currency", "name"])
def test_an_old_line_item_needs_its_parameters(missing: str) -> None:
    form = "&".join(part for part in OLD_ITEM.split("&") if f"[{missing}]" not in part)

    status, body, _ = call("POST", SESSIONS, f"{OPEN}&{form}", Stripe_Version="2020-08-27")

    assert (status, body["error"]["param"]) == (400, f"line_items[0][{missing}]")


def test_an_old_line_item_has_no_price_besides() -> None:
    form = f"{OPEN}&{ITEM}&line_items[0][name]=T"

    status, body, _ = call("POST", SESSIONS, form, Stripe_Version="2020-08-27")

    assert (status, body["error"]["param"]) == (400, "line_items[0][name]")


def test_the_methods_of_an_old_call_are_those_on_offer() -> None:
    form = f"{OPEN}&{ITEM}&payment_method_types[]=card"
    intent = call("POST", INTENTS, "amount=2000&currency=jpy&payment_method_types[]=card", Stripe_Version="2023-10-16")[
        1
    ]

    assert call("POST", SESSIONS, form, Stripe_Version="2023-10-16")[1]["payment_method_types"] == ["card"]
    assert (intent["payment_method_types"], intent["automatic_payment_methods"]) == (["card"], None)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (SESSIONS, f"{OPEN}&{ITEM}&payment_method_types[]=alipay"),
        (SESSIONS, f"{OPEN}&{ITEM}&ui_mode=embedded"),
        (INTENTS, "amount=2000&currency=jpy&payment_method_types[]=sepa_debit"),
    ],
)
def test_what_the_sandbox_does_not_have_is_its_limit_in_any_version(path: str, form: str) -> None:
    status, body, _ = call("POST", path, form, Stripe_Version="2023-10-16")

    assert (status, body["error"]["code"]) == (400, "sandbox_limit")
