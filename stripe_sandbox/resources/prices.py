"""Prices. https://docs.stripe.com/api/prices"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from stripe_sandbox import errors, ids, money, store
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.schema import Array, Boolean, DecimalText, Hash, Integer, Text
from stripe_sandbox.api.shapes import CLEARABLE, CREATED, CURRENCY, EXPAND, LIST, METADATA, TEXT, merged
from stripe_sandbox.models import StripeObject
from stripe_sandbox.webhooks import events
from stripe_sandbox.webhooks.events import changing

from . import amounts, products

PATH = "/v1/prices"
_UNIT_AMOUNT = Integer(least=0)
_BEHAVIOURS = Text(choices=("exclusive", "inclusive", "unspecified"))
CREATE = {
    "currency": CURRENCY,
    "active": Boolean(),
    "billing_scheme": Text(choices=("per_unit", "tiered")),
    "lookup_key": Text(most=200),
    "metadata": METADATA,
    "nickname": TEXT,
    "product": TEXT,
    "product_data": Hash(
        fields={
            "name": Text(required=True),
            "id": TEXT,
            "active": Boolean(),
            "metadata": METADATA,
            "statement_descriptor": Text(most=22),
            "unit_label": TEXT,
        }
    ),
    "tax_behavior": _BEHAVIOURS,
    "transfer_lookup_key": Boolean(),
    "unit_amount": _UNIT_AMOUNT,
    "unit_amount_decimal": DecimalText(),
    "expand": EXPAND,
}
UPDATE = {
    "active": Boolean(),
    "lookup_key": CLEARABLE,
    "metadata": METADATA,
    "nickname": CLEARABLE,
    "tax_behavior": _BEHAVIOURS,
    "transfer_lookup_key": Boolean(),
    "expand": EXPAND,
}
# What an inline price of a Checkout Session's line item may say.
INLINE = Hash(
    fields={
        "currency": CURRENCY,
        "product": TEXT,
        "product_data": products.INLINE,
        "tax_behavior": _BEHAVIOURS,
        "unit_amount": _UNIT_AMOUNT,
        "unit_amount_decimal": DecimalText(),
    }
)


def body(params: dict[str, Any], product: str, *, active: bool = True) -> dict[str, Any]:
    """Return a new price; the amount is in the currency's smallest unit."""
    exact = params.get("unit_amount_decimal")
    amount = params.get("unit_amount")
    if amount is None and exact is not None and Decimal(exact) == int(Decimal(exact)):
        amount = int(Decimal(exact))
    return {
        "id": ids.new("price"),
        "object": "price",
        "active": params.get("active", active),
        "billing_scheme": "per_unit",
        "created": store.now(),
        "currency": params["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": params.get("lookup_key"),
        "metadata": merged({}, params.get("metadata")),
        "nickname": params.get("nickname"),
        "product": product,
        "recurring": None,
        "tax_behavior": params.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": amount,
        "unit_amount_decimal": exact if exact is not None else str(amount),
    }


def check_amount(params: dict[str, Any], path: str = "") -> None:
    """Raise unless exactly one of the two ways to write an amount is used, with one that the currency can have."""
    names = [name for name in ("unit_amount", "unit_amount_decimal") if name in params]
    inner = f"{path}[unit_amount]" if path else "unit_amount"
    if not names and not path:
        raise errors.ApiError("Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.")
    if not names:
        raise errors.missing(inner)
    if len(names) == 2:
        raise errors.ApiError(
            "You may only specify one of these parameters: unit_amount, unit_amount_decimal.", param=inner
        )
    currency = params["currency"]
    maximum = money.CURRENCIES[currency].maximum
    if "unit_amount_decimal" in names:
        if not 0 <= Decimal(params["unit_amount_decimal"]) < maximum + 1:
            raise errors.invalid("decimal", f"{inner}_decimal")
        return
    Integer(most=maximum).clean(str(params["unit_amount"]), inner)
    amounts.check_step(params["unit_amount"], currency, inner)


def create(params: dict[str, Any]) -> dict[str, Any]:
    """Make a price for a product, which may be made with it."""
    if params.get("billing_scheme") == "tiered":
        raise errors.unsupported("tiered prices", "billing_scheme")
    check_amount(params)
    if "product" in params:
        product = store.get("product", params["product"], "product", status=400).sid
    elif "product_data" in params:
        product = products.create(params["product_data"])["id"]
    else:
        raise errors.ApiError(
            "You must provide either product or product_data.", code="parameter_missing", param="product"
        )
    _claim_lookup_key(params)
    price = store.add(body(params, product))
    events.emit("price.created", price.body)
    return price.body


def _claim_lookup_key(params: dict[str, Any], sid: str = "") -> None:
    key = params.get("lookup_key")
    holders = StripeObject.objects.filter(kind="price", body__lookup_key=key).exclude(sid=sid)
    holder = holders.first() if key else None
    if holder is None:
        return
    if not params.get("transfer_lookup_key"):
        raise errors.ApiError(
            f"A price (`{holder.sid}`) already uses that lookup key.",
            param="lookup_key",
        )
    with changing(holder, "price.updated") as content:
        content["lookup_key"] = None


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return store.get("price", sid, "price").body


def update(params: dict[str, Any], sid: str) -> dict[str, Any]:
    price = store.get("price", sid, "price")
    _claim_lookup_key(params, sid)
    with changing(price, "price.updated") as content:
        skip = ("expand", "metadata", "transfer_lookup_key")
        content |= {k: v for k, v in params.items() if k not in skip}
        if "metadata" in params:
            content["metadata"] = merged(content["metadata"], params["metadata"])
    return price.body


def listed(params: dict[str, Any]) -> dict[str, Any]:
    filters = {f"body__{name}": params[name] for name in ("active", "currency") if name in params}
    if "product" in params:
        filters["parent"] = params["product"]
    if "type" in params:
        filters["tag"] = params["type"]
    if "lookup_keys" in params:
        filters["body__lookup_key__in"] = params["lookup_keys"]
    return store.listing(PATH, "price", params, **filters)


ROUTES = [
    Route("POST", PATH, create, CREATE),
    Route(
        "GET",
        PATH,
        listed,
        {
            **LIST,
            **CREATED,
            "active": Boolean(),
            "currency": TEXT,
            "lookup_keys": Array(item=TEXT, most=10),
            "product": TEXT,
            "type": Text(choices=("one_time", "recurring")),
        },
    ),
    Route("GET", f"{PATH}/{{sid}}", retrieve),
    Route("POST", f"{PATH}/{{sid}}", update, UPDATE),
]
