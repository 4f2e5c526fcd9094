"""Products. https://docs.stripe.com/api/products"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_sandbox import errors, ids, store
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.schema import Array, Boolean, Hash, Text, Url
from stripe_sandbox.api.shapes import CLEARABLE, CREATED, EXPAND, LIST, METADATA, REQUIRED_TEXT, TEXT, merged
from stripe_sandbox.models import StripeObject
from stripe_sandbox.webhooks import events
from stripe_sandbox.webhooks.events import changing

PATH = "/v1/products"
IMAGES = Array(item=Url(most=2048), most=8)
_FEATURES = Array(item=Hash(fields={"name": REQUIRED_TEXT}), most=15)
CREATE = {
    "name": REQUIRED_TEXT,
    "id": TEXT,
    "active": Boolean(),
    "description": Text(most=40000),
    "images": IMAGES,
    "marketing_features": _FEATURES,
    "metadata": METADATA,
    "shippable": Boolean(),
    "statement_descriptor": Text(most=22),
    "type": Text(choices=("good", "service")),
    "unit_label": Text(most=12),
    "url": Url(most=2048),
    "expand": EXPAND,
}
UPDATE = {
    **{k: v for k, v in CREATE.items() if k not in ("id", "type", "default_price_data")},
    "marketing_features": replace(_FEATURES, unset=True),
    "name": TEXT,
    "default_price": TEXT,
    "description": CLEARABLE,
    "images": replace(IMAGES, unset=True),
    "unit_label": CLEARABLE,
    "url": Url(most=2048, unset=True),
}
# What an inline product may say: https://docs.stripe.com/api/checkout/sessions/create
INLINE = Hash(
    fields={
        "name": REQUIRED_TEXT,
        "description": TEXT,
        "images": IMAGES,
        "metadata": METADATA,
        "unit_label": TEXT,
    }
)


def body(params: dict[str, Any], *, active: bool = True) -> dict[str, Any]:
    """Return a new product."""
    now = store.now()
    return {
        "id": params.get("id") or ids.new("prod"),
        "object": "product",
        "active": params.get("active", active),
        "created": now,
        "default_price": None,
        "description": params.get("description"),
        "images": params.get("images") or [],
        "livemode": False,
        "marketing_features": params.get("marketing_features") or [],
        "metadata": merged({}, params.get("metadata")),
        "name": params["name"],
        "package_dimensions": None,
        "shippable": params.get("shippable"),
        "statement_descriptor": params.get("statement_descriptor"),
        "tax_code": None,
        "tax_details": None,
        "type": params.get("type", "service"),
        "unit_label": params.get("unit_label"),
        "updated": now,
        "url": params.get("url"),
    }


def create(params: dict[str, Any]) -> dict[str, Any]:
    if "id" in params and StripeObject.objects.filter(sid=params["id"]).exists():
        raise errors.ApiError("Product already exists.", code="resource_already_exists", param="id")
    product = store.add(body(params))
    events.emit("product.created", product.body)
    return product.body


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return store.get("product", sid).body


def features(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """List the features attached to a product: none, since attaching one is beyond the sandbox.

    https://docs.stripe.com/api/product-feature/list
    """
    store.get("product", sid, "product")
    return store.as_list(f"{PATH}/{sid}/features", [])


def update(params: dict[str, Any], sid: str) -> dict[str, Any]:
    product = store.get("product", sid)
    if params.get("default_price"):
        store.get("price", params["default_price"], "default_price", status=400)
    with changing(product, "product.updated") as content:
        content |= {k: v for k, v in params.items() if k not in ("expand", "metadata")}
        content["images"] = content["images"] or []
        content["marketing_features"] = content["marketing_features"] or []
        if "metadata" in params:
            content["metadata"] = merged(content["metadata"], params["metadata"])
        content["updated"] = store.now()
    return product.body


def delete(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """Delete a product that has no price."""
    product = store.get("product", sid)
    if StripeObject.objects.filter(kind="price", parent=sid).exists():
        raise errors.ApiError(
            "This product cannot be deleted because it has one or more user-created prices.", param="id"
        )
    product.deleted, product.body["active"] = True, False
    product.save()
    events.emit("product.deleted", product.body)
    return {"id": sid, "object": "product", "deleted": True}


def listed(params: dict[str, Any]) -> dict[str, Any]:
    filters = {f"body__{name}": params[name] for name in ("active", "shippable", "url") if name in params}
    if "type" in params:
        filters["tag"] = params["type"]
    if "ids" in params:
        filters["sid__in"] = params["ids"]
    return store.listing(PATH, "product", params, **filters)


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
            "ids": Array(item=TEXT),
            "shippable": Boolean(),
            "type": TEXT,
            "url": TEXT,
        },
    ),
    Route("GET", f"{PATH}/{{sid}}", retrieve),
    Route("GET", f"{PATH}/{{sid}}/features", features, LIST),
    Route("POST", f"{PATH}/{{sid}}", update, UPDATE),
    Route("DELETE", f"{PATH}/{{sid}}", delete, {}),
]
