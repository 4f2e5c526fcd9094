"""Customers. https://docs.stripe.com/api/customers"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_sandbox import errors, ids, store
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.schema import Array, Email, Hash, Integer, Text
from stripe_sandbox.api.shapes import (
    ADDRESS,
    CLEARABLE,
    CREATED,
    EXPAND,
    LIST,
    METADATA,
    SHIPPING,
    TEXT,
    address,
    merged,
)
from stripe_sandbox.cards import objects
from stripe_sandbox.models import StripeObject
from stripe_sandbox.webhooks import events
from stripe_sandbox.webhooks.events import changing

from . import tokens
from .charges import engine

PATH = "/v1/customers"
_PLAIN = {
    "description": CLEARABLE,
    "email": Email(unset=True),
    "name": Text(most=256, unset=True),
    "phone": Text(most=20, unset=True),
    "balance": Integer(),
    "invoice_prefix": Text(most=12),
    "next_invoice_sequence": Integer(least=1),
    "preferred_locales": Array(item=TEXT),
    "tax_exempt": Text(choices=("none", "reverse", "exempt"), unset=True),
    "business_name": Text(most=150, unset=True),
    "individual_name": Text(most=150, unset=True),
}
_FIELDS = {
    **_PLAIN,
    "address": Hash(fields=ADDRESS.fields, unset=True),
    "metadata": METADATA,
    "shipping": SHIPPING,
    "source": TEXT,
    "expand": EXPAND,
}
CREATE = _FIELDS
UPDATE = {**_FIELDS, "default_source": TEXT}


def _blank() -> dict[str, Any]:
    return {
        "id": ids.new("cus"),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": store.now(),
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": ids.text(8).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def _fill(body: dict[str, Any], params: dict[str, Any]) -> None:
    body |= {name: params[name] for name in _PLAIN if name in params}
    body["tax_exempt"] = body["tax_exempt"] or "none"
    if "address" in params:
        body["address"] = address(params["address"]) if params["address"] is not None else None
    if "shipping" in params:
        given = params["shipping"]
        body["shipping"] = given and {
            "address": address(given["address"]),
            "name": given["name"],
            "phone": given.get("phone"),
        }
    if "metadata" in params:
        body["metadata"] = merged(body["metadata"], params["metadata"])


def _add_source(customer: StripeObject, token: str) -> None:
    """Save a token's card to the customer, as the default; the issuer may refuse it, and no parameter is at fault then.

    The names of parameters in refusals are those that stripe-stateful-mock found at the real Stripe.
    """
    known, card = tokens.spend(token, "source")
    if known.decline and not known.card.attaches:
        raise engine.refusal(replace(known.decline, param=known.decline.param or ""))
    card = objects.legacy(known, card["id"], customer=customer.sid)
    saved = {"known": known.keep(), "card": card, "saved": store.moment()}
    customer.private.setdefault("sources", {})[card["id"]] = saved
    customer.body["default_source"] = card["id"]


def create(params: dict[str, Any]) -> dict[str, Any]:
    customer = store.add(_blank())
    _fill(customer.body, params)
    if "source" in params:
        _add_source(customer, params["source"])
    customer.save()
    events.emit("customer.created", customer.body)
    return customer.body


def of_checkout(details: dict[str, Any]) -> StripeObject:
    """Create the customer that a Checkout Session requests, from what the visitor typed."""
    customer = store.add(_blank() | {"email": details["email"], "name": details["name"]})
    customer.body["address"] = details["address"]
    customer.save()
    events.emit("customer.created", customer.body)
    return customer


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    gone = StripeObject.objects.filter(sid=sid, kind="customer", deleted=True).exists()
    return _deleted(sid) if gone else store.get("customer", sid).body


def update(params: dict[str, Any], sid: str) -> dict[str, Any]:
    customer = store.get("customer", sid)
    with changing(customer, "customer.updated") as body:
        _fill(body, params)
        if "source" in params:
            _add_source(customer, params["source"])
        if "default_source" in params:
            if params["default_source"] not in customer.private.get("sources", {}):
                raise errors.no_such("source", params["default_source"], "source", status=400)
            body["default_source"] = params["default_source"]
    return customer.body


def delete(params: dict[str, Any], sid: str) -> dict[str, Any]:
    customer = store.get("customer", sid)
    customer.deleted = True
    customer.save()
    events.emit("customer.deleted", customer.body)
    return _deleted(sid)


def _deleted(sid: str) -> dict[str, Any]:
    return {"id": sid, "object": "customer", "deleted": True}


def listed(params: dict[str, Any]) -> dict[str, Any]:
    filters = {"email": params["email"]} if "email" in params else {}
    return store.listing(PATH, "customer", params, **filters)


ROUTES = [
    Route("POST", PATH, create, CREATE),
    Route("GET", PATH, listed, {**LIST, **CREATED, "email": TEXT}),
    Route("GET", f"{PATH}/{{sid}}", retrieve),
    Route("POST", f"{PATH}/{{sid}}", update, UPDATE),
    Route("DELETE", f"{PATH}/{{sid}}", delete, {}),
]
