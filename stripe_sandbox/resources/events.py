"""Events, as the API lists them. https://docs.stripe.com/api/events"""

from __future__ import annotations

from typing import Any

from stripe_sandbox import store
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.schema import Array, Boolean
from stripe_sandbox.api.shapes import CREATED, LIST, TEXT

PATH = "/v1/events"


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return store.get("event", sid).body


def listed(params: dict[str, Any]) -> dict[str, Any]:
    """Return events, all or of one type (`charge.*` is several), or of any of `types`."""
    filters: dict[str, Any] = {}
    if "type" in params:
        kind = params["type"]
        filters |= {"tag__startswith": kind[:-1]} if kind.endswith(".*") else {"tag": kind}
    if "types" in params:
        filters["tag__in"] = params["types"]
    if "delivery_success" in params:
        filters["body__pending_webhooks" if params["delivery_success"] else "body__pending_webhooks__gt"] = 0
    return store.listing(PATH, "event", params, **filters)


ROUTES = [
    Route(
        "GET",
        PATH,
        listed,
        {**LIST, **CREATED, "type": TEXT, "types": Array(item=TEXT, most=20), "delivery_success": Boolean()},
    ),
    Route("GET", f"{PATH}/{{sid}}", retrieve),
]
