"""Line items: their prices, and what is not sold."""

from __future__ import annotations

import pytest
import stripe

from tests.stripe_sandbox.stage.calls import line, session

pytestmark = pytest.mark.django_db(databases="__all__")


def refused(api: stripe.StripeClient, item: dict[str, object]) -> tuple[str, str]:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.checkout.sessions.create(params=session(line_items=[item]))
    return caught.value.user_message, caught.value.param


def inline(**data: object) -> dict[str, object]:
    return {"quantity": 1, "price_data": {"currency": "jpy", **data}}


MUG = {"product_data": {"name": "Mug"}}


@pytest.mark.parametrize(("decimal", "quantity", "total"), [("100.5", 1, 101), ("100.4", 1, 100), ("0.5", 201, 101)])
def test_an_exact_price_is_rounded_half_up_for_the_whole_line(
    decimal: str, quantity: int, total: int, api: stripe.StripeClient
) -> None:
    item = {**inline(unit_amount_decimal=decimal, **MUG), "quantity": quantity}

    assert api.v1.checkout.sessions.create(params=session(line_items=[item])).amount_total == total


def test_a_price_is_sold_while_it_and_its_product_are_active(api: stripe.StripeClient) -> None:
    price = api.v1.prices.create(params={"currency": "jpy", "unit_amount": 500, **MUG})
    item = {"price": price.id, "quantity": 2}
    inactive = "The price specified is inactive. This field only accepts active prices."

    assert api.v1.checkout.sessions.create(params=session(line_items=[item])).amount_total == 1000
    api.v1.products.update(price.product, params={"active": False})
    assert refused(api, item) == (inactive, "line_items[0][price]")
    api.v1.products.update(price.product, params={"active": True})
    api.v1.prices.update(price.id, params={"active": False})
    assert refused(api, item) == (inactive, "line_items[0][price]")


@pytest.mark.parametrize(
    ("item", "message", "param"),
    [
        (
            {**line(), "price": "price_x"},
            "You may only specify one of these parameters: price, price_data.",
            "line_items[0]",
        ),
        (
            {"quantity": 1},
            "You must specify either `price` or `price_data` for each line item.",
            "line_items[0][price]",
        ),
        ({"price": "price_x", "quantity": 1}, "No such price: 'price_x'", "line_items[0][price]"),
        (
            line(quantity=0),
            "This value must be greater than or equal to 1.",
            "line_items[0][quantity]",
        ),
        (
            inline(unit_amount=500),
            "Missing required param: line_items[0][price_data][product].",
            "line_items[0][price_data][product]",
        ),
        (
            inline(unit_amount=500, product="prod_x"),
            "No such product: 'prod_x'",
            "line_items[0][price_data][product]",
        ),
        (
            inline(**MUG),
            "Missing required param: line_items[0][price_data][unit_amount].",
            "line_items[0][price_data][unit_amount]",
        ),
    ],
)
def test_what_cannot_be_sold_is_refused(
    item: dict[str, object], message: str, param: str, api: stripe.StripeClient
) -> None:
    said, at = refused(api, item)

    assert said.startswith(message)
    assert at == param


def test_an_inline_price_of_a_known_product_is_that_products(api: stripe.StripeClient) -> None:
    product = api.v1.products.create(params={"name": "Cup"})

    made = api.v1.checkout.sessions.create(
        params=session(line_items=[inline(unit_amount=500, product=product.id)], expand=["line_items"])
    )

    (item,) = made.line_items.data
    assert (item.description, item.price.product, item.price.active) == ("Cup", product.id, False)
