"""Webhook endpoints. https://docs.stripe.com/api/webhook_endpoints"""

from __future__ import annotations

import secrets
from typing import Any, get_args

from stripe.params import WebhookEndpointCreateParams

from stripe_sandbox import errors, ids, store
from stripe_sandbox.api import versions
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.schema import Array, Boolean, Text, Url
from stripe_sandbox.api.shapes import CLEARABLE, EXPAND, LIST, METADATA, merged
from stripe_sandbox.models import StripeObject
from stripe_sandbox.webhooks import destinations, endpoints
from stripe_sandbox.webhooks.events import changing

PATH = "/v1/webhook_endpoints"
# Every type that Stripe has, as listed by the SDK.
_CHOICES = get_args(get_args(WebhookEndpointCreateParams.__annotations__["enabled_events"])[0])
# Those that stripe-python 8.11.0 lists besides, for older versions of the API.
_OLDER = tuple(
    """
    invoiceitem.updated order.created recipient.created recipient.deleted recipient.updated sku.created sku.deleted
    sku.updated
    """.split()
)
_TYPES = Array(item=Text(choices=_CHOICES, unsupported=_OLDER), required=True, most=1000)
CREATE = {
    "url": Url(required=True),
    "enabled_events": _TYPES,
    "api_version": Text(),
    "description": CLEARABLE,
    "metadata": METADATA,
    "expand": EXPAND,
}
UPDATE = {
    "url": Url(),
    "enabled_events": Array(item=_TYPES.item, most=1000),
    "description": CLEARABLE,
    "disabled": Boolean(),
    "metadata": METADATA,
    "expand": EXPAND,
}


def create(params: dict[str, Any]) -> dict[str, Any]:
    """Make an endpoint; only this answer ever shows its secret."""
    destinations.refuse_private(params["url"])
    if "api_version" in params:
        versions.check(params["api_version"])
    secret = f"whsec_{secrets.token_hex(32)}"
    content = endpoints.body(ids.new("we"), params["url"], params["enabled_events"], params.get("description"))
    content |= {"api_version": params.get("api_version"), "metadata": merged({}, params.get("metadata"))}
    return store.add(content, secret=secret).body | {"secret": secret}


def _get(sid: str) -> StripeObject:
    endpoints.configured()
    return store.get(endpoints.KIND, sid, "webhook_endpoint")


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return _get(sid).body


def update(params: dict[str, Any], sid: str) -> dict[str, Any]:
    endpoint = _get(sid)
    if sid == endpoints.CONFIGURED and "url" in params:
        raise errors.ApiError("The address of this endpoint comes from the sandbox's settings.", param="url")
    if "url" in params:
        destinations.refuse_private(params["url"])
    with changing(endpoint) as body:
        body |= {name: params[name] for name in ("url", "enabled_events", "description") if name in params}
        if "disabled" in params:
            body["status"] = "disabled" if params["disabled"] else "enabled"
        if "metadata" in params:
            body["metadata"] = merged(body["metadata"], params["metadata"])
    return endpoint.body


def delete(params: dict[str, Any], sid: str) -> dict[str, Any]:
    endpoint = _get(sid)
    if sid == endpoints.CONFIGURED:
        raise errors.ApiError(
            "This endpoint comes from the sandbox's settings: disable it, or change WEBHOOK_URL there."
        )
    endpoint.deleted = True
    endpoint.save()
    return {"id": sid, "object": endpoints.KIND, "deleted": True}


def listed(params: dict[str, Any]) -> dict[str, Any]:
    endpoints.configured()
    return store.listing(PATH, endpoints.KIND, params)


ROUTES = [
    Route("POST", PATH, create, CREATE),
    Route("GET", PATH, listed, LIST),
    Route("GET", f"{PATH}/{{sid}}", retrieve),
    Route("POST", f"{PATH}/{{sid}}", update, UPDATE),
    Route("DELETE", f"{PATH}/{{sid}}", delete, {}),
]
