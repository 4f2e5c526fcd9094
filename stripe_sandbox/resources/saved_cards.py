"""The cards that are saved to a customer: as sources, and as payment methods.

https://docs.stripe.com/api/cards and https://docs.stripe.com/api/payment_methods/customer_list; a saved card is a
payment method too, with the same id: https://docs.stripe.com/payments/payment-methods/transitioning
"""

from __future__ import annotations

from typing import Any

from stripe_sandbox import errors, store
from stripe_sandbox.api.routes import Route
from stripe_sandbox.api.schema import Text
from stripe_sandbox.api.shapes import EXPAND, LIST, TEXT
from stripe_sandbox.models import StripeObject

from . import payment_methods

_CUSTOMER = "/v1/customers/{sid}"
_OF_CUSTOMER = {
    **LIST,
    "type": TEXT,
    "allow_redisplay": Text(choices=payment_methods.ALLOW_REDISPLAY),
}
_ALL = {**_OF_CUSTOMER, "customer": TEXT}
_SOURCES = {**LIST, "object": TEXT}


def sources(params: dict[str, Any], sid: str, kind: str = "sources") -> dict[str, Any]:
    """List a customer's saved cards, newest first; of other kinds of sources there are none."""
    customer = store.get("customer", sid)
    cards = [kept["card"] for kept in _newest_first(customer)] if params.get("object", "card") == "card" else []
    return _page(f"/v1/customers/{sid}/{kind}", cards, params, "source")


def cards(params: dict[str, Any], sid: str) -> dict[str, Any]:
    return sources(params, sid, "cards")


def source(params: dict[str, Any], sid: str, card: str) -> dict[str, Any]:
    kept = store.get("customer", sid).private.get("sources", {}).get(card)
    if kept is None:
        raise errors.no_such("source", card, "id")
    return kept["card"]


def methods(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """List a customer's payment methods at the customer's own address."""
    return _methods(store.get("customer", sid), f"/v1/customers/{sid}/payment_methods", params)


def method(params: dict[str, Any], sid: str, method: str) -> dict[str, Any]:
    """Return one payment method of a customer; raises `resource_missing` for another customer's."""
    for body in _bodies(store.get("customer", sid)):
        if body["id"] == method:
            return body
    raise errors.no_such("payment_method", method, "payment_method")


def all_methods(params: dict[str, Any]) -> dict[str, Any]:
    """List the payment methods of a customer, or else all of the account; saved cards are with their customer's."""
    if "customer" in params:
        customer = store.get("customer", params["customer"], "customer", status=400)
        return _methods(customer, payment_methods.PATH, params)
    filters = {"tag": params["type"]} if "type" in params else {}
    if "allow_redisplay" in params:
        filters["body__allow_redisplay"] = params["allow_redisplay"]
    return store.listing(payment_methods.PATH, "payment_method", params, **filters)


def _methods(customer: StripeObject, path: str, params: dict[str, Any]) -> dict[str, Any]:
    wanted = {name: params[name] for name in ("type", "allow_redisplay") if name in params}
    bodies = [body for body in _bodies(customer) if wanted.items() <= body.items()]
    return _page(path, bodies, params, "payment_method")


def _bodies(customer: StripeObject) -> list[dict[str, Any]]:
    """Return a customer's payment methods: those that are attached, then the saved cards."""
    attached = StripeObject.objects.filter(kind="payment_method", deleted=False, customer=customer.sid)
    bodies = [stored.body for stored in attached.order_by("-created", "-seq")]
    return bodies + [payment_methods.saved(customer, kept["card"]["id"]).body for kept in _newest_first(customer)]


def _newest_first(customer: StripeObject) -> list[dict[str, Any]]:
    return sorted(customer.private.get("sources", {}).values(), key=_saved_at, reverse=True)


def _saved_at(kept: dict[str, Any]) -> float:
    """Return when a card was saved, in seconds since 1970; 0 where an older sandbox saved it."""
    return kept.get("saved", 0)


def _page(path: str, bodies: list[dict[str, Any]], params: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return a page of a list that is in memory, by the same cursors as `store.listing`."""
    ids, limit = [body["id"] for body in bodies], params.get("limit", 10)
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise errors.ApiError("Received both starting_after and ending_before parameters. Please pass in only one.")
    for name, cursor in (("starting_after", after), ("ending_before", before)):
        if cursor and cursor not in ids:
            raise errors.no_such(kind, cursor, name, status=400)
    if before:
        newer = bodies[: ids.index(before)]
        return store.as_list(path, newer[-limit:], has_more=len(newer) > limit)
    older = bodies[ids.index(after) + 1 :] if after else bodies
    return store.as_list(path, older[:limit], has_more=len(older) > limit)


def retrieve(params: dict[str, Any], sid: str) -> dict[str, Any]:
    """Return a payment method, or a saved card as one."""
    holder = payment_methods.holder(sid)
    return payment_methods.saved(holder, sid).body if holder else payment_methods.retrieve(params, sid)


ROUTES = [
    Route("GET", payment_methods.PATH, all_methods, _ALL),
    Route("GET", f"{payment_methods.PATH}/{{sid}}", retrieve),
    Route("GET", f"{_CUSTOMER}/payment_methods", methods, _OF_CUSTOMER),
    Route("GET", f"{_CUSTOMER}/payment_methods/{{method}}", method, {"expand": EXPAND}),
    Route("GET", f"{_CUSTOMER}/sources", sources, _SOURCES),
    Route("GET", f"{_CUSTOMER}/sources/{{card}}", source, {"expand": EXPAND}),
    Route("GET", f"{_CUSTOMER}/cards", cards, LIST),
    Route("GET", f"{_CUSTOMER}/cards/{{card}}", source, {"expand": EXPAND}),
]
