"""A parameter out of the sandbox's part is accepted where its value asks for nothing."""

from __future__ import annotations

import pytest

from stripe_sandbox.api import no_ops
from tests.stripe_sandbox.stage.calls import call

ITEM = (
    "line_items[0][price_data][currency]=jpy&line_items[0][price_data][unit_amount]=2000"
    "&line_items[0][price_data][product_data][name]=T&line_items[0][quantity]=1"
)
SESSION = f"mode=payment&success_url=https://shop.example/&{ITEM}"
INTENT = "amount=2000&currency=jpy"
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
    ("payment_intents", INTENT, "setup_future_usage=", "setup_future_usage=off_session"),
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
        ("refund_application_fee", "false", True),
        ("refund_application_fee", "true", False),
        ("refund_application_fee", "", False),
        ("line_items[12][adjustable_quantity]", {"enabled": "false"}, True),
        ("line_items[12][adjustable_quantity]", {"enabled": "false", "maximum": "3"}, False),
        ("customer_update", {}, False),
        ("nonsense", "false", False),
    ],
)
def test_each_value_of_a_hash_counts(path: str, value: object, nothing: bool) -> None:
    assert no_ops.asks_for_nothing(value, path) is nothing
