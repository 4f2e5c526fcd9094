"""The line items of a Checkout Session: their prices, made on the way where they are inline."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from stripe_sandbox import errors, ids, store
from stripe_sandbox.api.schema import Array, Currency, Hash, Integer
from stripe_sandbox.api.shapes import METADATA, TEXT, merged
from stripe_sandbox.resources import old_parameters, prices, products

MOST = 100
PARAM = Array(
    item=Hash(
        fields={
            "price": TEXT,
            "price_data": prices.INLINE,
            "quantity": Integer(least=0, most=999_999_999_999),
            "metadata": METADATA,
            # Removed with API version 2022-08-01, and still in many a tutorial.
            "amount": Integer(least=0),
            "currency": Currency(),
            "description": products.INLINE.fields["description"],
            "images": products.INLINE.fields["images"],
            "name": TEXT,
        }
    ),
    most=MOST,
)


def build(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the line items, all in one currency; raises `ApiError` for what Stripe would not sell."""
    built = [_line(item, f"line_items[{index}]") for index, item in enumerate(items)]
    currencies = {line["currency"] for line in built}
    if len(currencies) > 1:
        raise errors.ApiError(
            "All prices on a Checkout Session must be in the same currency: you passed "
            f"{', '.join(sorted(currencies))}.",
            param="line_items",
        )
    return built


def _line(item: dict[str, Any], path: str) -> dict[str, Any]:
    item = old_parameters.line_item(item, path)
    price, product = _price(item, path)
    if "quantity" not in item:
        raise errors.ApiError(
            f"Quantity is required. Add `quantity` to `{path}`",
            code="parameter_missing",
            param=f"{path}[quantity]",
        )
    if item["quantity"] < 1:
        raise errors.ApiError(
            "This value must be greater than or equal to 1.",
            code="parameter_invalid_integer",
            param=f"{path}[quantity]",
        )
    exact = Decimal(price["unit_amount_decimal"]) * item["quantity"]
    amount = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    return {
        "id": ids.new("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": product["name"],
        "metadata": merged({}, item.get("metadata")),
        "price": price,
        "quantity": item["quantity"],
    }


def _price(item: dict[str, Any], path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the price and its product: the named one, or those made of `price_data`."""
    if "price" in item and "price_data" in item:
        raise errors.ApiError("You may only specify one of these parameters: price, price_data.", param=path)
    if "price" in item:
        price = store.get("price", item["price"], f"{path}[price]", status=400)
        product = store.get("product", price.body["product"], f"{path}[price]", status=400)
        if not (price.body["active"] and product.body["active"]):
            raise errors.ApiError(
                "The price specified is inactive. This field only accepts active prices.",
                param=f"{path}[price]",
            )
        return price.body, product.body
    if "price_data" not in item:
        raise errors.ApiError(
            f"You must specify either `price` or `price_data` for each line item. Neither is in `{path}`.",
            code="parameter_missing",
            param=f"{path}[price]",
        )
    return _inline(item["price_data"], f"{path}[price_data]")


def _inline(data: dict[str, Any], path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    prices.check_amount(data, path)
    if "product" in data:
        product = store.get("product", data["product"], f"{path}[product]", status=400).body
    elif "product_data" in data:
        product = store.add(products.body(data["product_data"], active=False)).body
    else:
        raise errors.missing(f"{path}[product]")
    return store.add(prices.body(data, product["id"], active=False)).body, product
