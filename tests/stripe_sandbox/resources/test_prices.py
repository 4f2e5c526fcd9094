"""Prices over the API."""

from __future__ import annotations

import pytest
import stripe

pytestmark = pytest.mark.django_db(databases="__all__")


PRODUCT = {"product_data": {"name": "Mug"}}


@pytest.mark.parametrize(
    ("params", "message", "param"),
    [
        (PRODUCT, "Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.", None),
        (
            {**PRODUCT, "unit_amount": 5, "unit_amount_decimal": "5"},
            "You may only specify one of these parameters: unit_amount, unit_amount_decimal.",
            "unit_amount",
        ),
        ({**PRODUCT, "unit_amount_decimal": "-1"}, "Invalid decimal", "unit_amount_decimal"),
        ({**PRODUCT, "unit_amount_decimal": "100000000"}, "Invalid decimal", "unit_amount_decimal"),
        ({**PRODUCT, "unit_amount": -1}, "This value must be greater than or equal to 0.", "unit_amount"),
        ({"unit_amount": 5}, "You must provide either product or product_data.", "product"),
        ({"unit_amount": 5, "product": "prod_x"}, "No such product: 'prod_x'", "product"),
        (
            {**PRODUCT, "unit_amount": 5, "billing_scheme": "tiered"},
            "The sandbox does not support tiered prices.",
            "billing_scheme",
        ),
    ],
)
def test_what_is_no_price_is_refused(
    params: dict[str, object], message: str, param: str | None, api: stripe.StripeClient
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.prices.create(params={"currency": "jpy", **params})

    assert caught.value.user_message.startswith(message)
    assert caught.value.param == param
    assert api.v1.products.list().data == []


@pytest.mark.parametrize(("decimal", "amount"), [("0.5", None), ("5", 5), ("5.0", 5), ("99999999.5", None)])
def test_an_exact_amount_is_a_whole_one_only_if_it_is_whole(
    decimal: str, amount: int | None, api: stripe.StripeClient
) -> None:
    price = api.v1.prices.create(params={"currency": "usd", "unit_amount_decimal": decimal, **PRODUCT})

    assert (str(price.unit_amount_decimal), price.unit_amount) == (decimal, amount)


def test_a_lookup_key_is_one_prices_until_it_is_handed_over(api: stripe.StripeClient) -> None:
    params = {"currency": "jpy", "unit_amount": 5, "lookup_key": "mug", **PRODUCT}
    first = api.v1.prices.create(params=params)

    with pytest.raises(stripe.InvalidRequestError, match="already uses that lookup key"):
        api.v1.prices.create(params=params)
    second = api.v1.prices.create(params={**params, "transfer_lookup_key": True})

    assert [price.id for price in api.v1.prices.list(params={"lookup_keys": ["mug"]}).data] == [second.id]
    assert api.v1.prices.retrieve(first.id).lookup_key is None


def test_prices_are_listed_by_product_currency_and_whether_they_are_sold(api: stripe.StripeClient) -> None:
    mug = api.v1.prices.create(params={"currency": "jpy", "unit_amount": 5, **PRODUCT})
    other = api.v1.prices.create(params={"currency": "usd", "unit_amount": 5, **PRODUCT})
    api.v1.prices.update(other.id, params={"active": False, "nickname": "old", "metadata": {"a": "1"}})

    def listed(**wanted: object) -> list[str]:
        return [price.id for price in api.v1.prices.list(params=wanted).data]

    assert listed(product=mug.product) == listed(currency="jpy") == listed(active=True) == [mug.id]
    assert listed(active=False) == [other.id]
    assert listed(type="recurring") == []
