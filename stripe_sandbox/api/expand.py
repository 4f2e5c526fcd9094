"""`expand[]`: put whole objects where an answer has their ids. https://docs.stripe.com/api/expanding_objects"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from stripe_sandbox import errors, store
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import StripeObject

from . import expandable

_DEEPEST = 4

# What may be expanded: for each kind of object, its field and the kind behind it.
EXPANDABLE: dict[str, dict[str, str]] = {
    "balance_transaction": {"source": ""},
    "charge": {
        "application": "application",
        "balance_transaction": "balance_transaction",
        "customer": "customer",
        "failure_balance_transaction": "balance_transaction",
        "on_behalf_of": "account",
        "payment_intent": "payment_intent",
        "refunds": "list",
        "review": "review",
    },
    "checkout.session": {
        "customer": "customer",
        "invoice": "invoice",
        "line_items": "list",
        "payment_intent": "payment_intent",
        "payment_link": "payment_link",
        "setup_intent": "setup_intent",
        "subscription": "subscription",
    },
    "customer": {"default_source": "card", "sources": "list", "subscriptions": "list", "test_clock": ""},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "item": {},
    "payment_intent": {
        "application": "application",
        "customer": "customer",
        "latest_charge": "charge",
        "on_behalf_of": "account",
        "payment_method": "payment_method",
        "review": "review",
    },
    "payment_method": {"customer": "customer"},
    "price": {"currency_options": "list", "product": "product", "tiers": "list"},
    "product": {"default_price": "price", "tax_code": "tax_code"},
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "customer": "customer",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "payment_method": "payment_method",
        "source_transfer_reversal": "",
        "transfer_reversal": "",
    },
}


def expand(answer: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """Return the answer with each path expanded; raises `ApiError` for what cannot be."""
    if not paths:
        return answer
    answer = copy.deepcopy(answer)
    for path in paths:
        steps = path.split(".")
        if len(steps) > _DEEPEST:
            message = f"You cannot expand more than {_DEEPEST} levels of a property. Property: {path}"
            raise ApiError(message, code="property_expansion_max_depth", param="expand")
        _walk(answer, steps, _Path(path, answer))
    return answer


@dataclass(frozen=True)
class _Path:
    """What the caller asks to expand, in which answer."""

    text: str
    answer: dict[str, Any]

    def is_known(self) -> bool:
        """Return whether Stripe expands it in any object that may be there."""
        steps = tuple(self.text.split("."))
        if self.answer.get("object") != "list":
            return expandable.is_known(self.answer.get("object", ""), steps)
        kinds = {item.get("object", "") for item in self.answer["data"]}
        return steps[0] == "data" and any(expandable.is_known(kind, steps[1:]) for kind in kinds)


def _walk(node: Any, steps: list[str], path: _Path, owner: str = "", inside: tuple[str, ...] = ()) -> None:
    """Expand the first of `steps` in `node`, then go on in what came.

    A hash is `inside` an object of the kind `owner`, behind these properties.
    """
    if not steps or node is None:
        return
    if isinstance(node, list):
        for child in node:
            _walk(child, steps, path, owner, inside)
        return
    step, rest = steps[0], steps[1:]
    if isinstance(node, dict) and node.get("deleted"):
        return
    kind = node.get("object") if isinstance(node, dict) else None
    if kind == "list" and step == "data":
        _walk(node["data"], rest, path)
        return
    owner, inside = (kind, ()) if kind else (owner, inside)
    # An event shows how its object was, and metadata are the shop's own: nothing in them is looked up.
    closed = kind == "event" or step == "metadata" or not isinstance(node, dict)
    fields = EXPANDABLE.get(kind or "", {})
    if step in fields:
        node[step] = _fetch(node, step, fields[step])
    elif closed or not isinstance(node.get(step), dict | list):
        shape = "" if closed else expandable.shape(owner, (*inside, step))
        if not shape:
            if path.is_known():
                return  # of another kind of object than this one
            hint = f" You may want to try expanding 'data.{path.text}' instead." if kind == "list" else ""
            raise ApiError(f"This property cannot be expanded ({path.text}).{hint}", param="expand")
        _fill(node, step, shape, path)
    _walk(node.get(step), rest, path, owner, (*inside, step))


def _fill(node: dict[str, Any], step: str, shape: str, path: _Path) -> None:
    """Expand what is of a kind out of the sandbox's part: nothing is there, so that null stays null."""
    if isinstance(value := node.get(step), str):
        node[step] = _fetch(node, step, "")
        if node[step] == value:
            raise errors.unsupported(f"the expansion of `{path.text}`", "expand")
    elif shape == expandable.LIST:
        node[step] = store.as_list(f"/v1/{node.get('object')}s/{node.get('id')}/{step}", [])
    elif shape == expandable.ARRAY:
        node[step] = []
    elif step == "breakdown":  # of a session's or a line item's amounts
        node[step] = {"discounts": [], "taxes": []}


def _fetch(owner: dict[str, Any], field: str, kind: str) -> Any:
    if kind == "list":
        return _included(owner, field)
    value = owner.get(field)
    if not isinstance(value, str):
        return value
    if kind == "card":
        holder = store.get("customer", owner["id"])
        return copy.deepcopy(holder.private["sources"][value]["card"])
    found = StripeObject.objects.filter(sid=value).first()
    if found is None:
        return value
    if found.deleted:
        return {"id": found.sid, "object": found.kind, "deleted": True}
    return copy.deepcopy(found.body)


def _included(owner: dict[str, Any], field: str) -> Any:
    """Return a list that an object only shows when asked."""
    sid = owner["id"]
    if field == "line_items":
        lines = copy.deepcopy(store.get("checkout.session", sid).private["lines"])
        return store.as_list(f"/v1/checkout/sessions/{sid}/line_items", lines[:10], has_more=len(lines) > 10)
    if field == "refunds":
        page = store.listing(f"/v1/charges/{sid}/refunds", "refund", {}, parent=sid)
        return page | {"total_count": StripeObject.objects.filter(kind="refund", deleted=False, parent=sid).count()}
    if field == "sources":
        saved = store.get("customer", sid).private.get("sources", {})
        cards = [copy.deepcopy(source["card"]) for source in saved.values()]
        return store.as_list(f"/v1/customers/{sid}/sources", cards)
    return None if owner["object"] == "price" else store.as_list(f"/v1/customers/{sid}/{field}", [])
