"""Parameters that a version of Stripe's API removed: read from a call in an older one, refused in a newer one."""

from __future__ import annotations

from typing import Any

from stripe_sandbox import errors
from stripe_sandbox.api import versions

PLAYED_METHODS = ("card", "konbini")
LINE_ITEM_FIELDS = ("amount", "currency", "description", "images", "name")
# The old values of `ui_mode`, and their new names.
UI_MODES = {"hosted": "hosted_page", "embedded": "embedded_page", "custom": "elements"}


def payment_method_types(params: dict[str, Any], what: str) -> list[str]:
    """Return the methods that `payment_method_types` of a call names; `what` is the kind of object that it is for.

    Raises `ApiError`: Stripe's refusal since the removal, the sandbox's limit for a method that it does not have.
    """
    if not versions.still_has("payment_method_types"):
        raise errors.payment_method_types_removed(what)
    named = params["payment_method_types"]
    for index, method in enumerate(named):
        if method not in PLAYED_METHODS:
            raise errors.unsupported(f"the payment method `{method[:50]}`", f"payment_method_types[{index}]")
    return named


def line_item(item: dict[str, Any], path: str) -> dict[str, Any]:
    """Return a line item in today's parameters. Raises Stripe's refusal of the old ones since their removal."""
    used = [name for name in LINE_ITEM_FIELDS if name in item]
    if not used:
        return item
    if not versions.still_has("line_item_fields"):
        raise errors.line_item_fields_removed(f"{path}[{used[0]}]")
    if "price" in item or "price_data" in item:
        raise errors.ApiError(
            f"You may only specify one of these parameters: price, {used[0]}.", param=f"{path}[{used[0]}]"
        )
    for name in ("amount", "currency", "name"):
        if name not in item:
            raise errors.missing(f"{path}[{name}]")
    product = {name: item[name] for name in ("name", "description", "images") if name in item}
    price = {"currency": item["currency"], "unit_amount": item["amount"], "product_data": product}
    return {name: item[name] for name in item if name not in LINE_ITEM_FIELDS} | {"price_data": price}


def ui_mode(mode: str) -> str:
    """Return today's name of a `ui_mode`; an old name is returned as it is where the call's version has it no more."""
    return UI_MODES.get(mode, mode) if versions.still_has("old_ui_modes") else mode
