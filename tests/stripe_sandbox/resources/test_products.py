"""Products over the API."""

from __future__ import annotations

import pytest
import stripe

pytestmark = pytest.mark.django_db(databases="__all__")


def test_an_id_of_ones_own_is_used_once(api: stripe.StripeClient) -> None:
    made = api.v1.products.create(params={"name": "Mug", "id": "mug"})

    with pytest.raises(stripe.InvalidRequestError, match="Product already exists") as caught:
        api.v1.products.create(params={"name": "Cup", "id": "mug"})

    assert (made.id, caught.value.code) == ("mug", "resource_already_exists")
    assert api.v1.products.retrieve("mug").name == "Mug"


def test_a_product_with_a_price_is_not_deleted(api: stripe.StripeClient) -> None:
    price = api.v1.prices.create(params={"currency": "jpy", "unit_amount": 5, "product_data": {"name": "Mug"}})
    bare = api.v1.products.create(params={"name": "Cup"})

    with pytest.raises(stripe.InvalidRequestError, match="has one or more user-created prices"):
        api.v1.products.delete(price.product)

    assert api.v1.products.delete(bare.id).deleted
    assert [product.id for product in api.v1.products.list().data] == [price.product]


def test_a_product_is_changed_and_cleared(api: stripe.StripeClient) -> None:
    made = api.v1.products.create(
        params={"name": "Mug", "description": "Blue", "images": ["https://a.example/1.png"], "metadata": {"a": "1"}}
    )
    price = api.v1.prices.create(params={"currency": "jpy", "unit_amount": 5, "product": made.id})

    changed = api.v1.products.update(
        made.id, params={"description": "", "images": "", "metadata": {"b": "2"}, "default_price": price.id}
    )

    assert (changed.name, changed.description, changed.images) == ("Mug", None, [])
    assert (changed.metadata.to_dict(), changed.default_price) == ({"a": "1", "b": "2"}, price.id)
    with pytest.raises(stripe.InvalidRequestError, match="No such price: 'price_x'"):
        api.v1.products.update(made.id, params={"default_price": "price_x"})


def test_products_are_listed_by_id_and_whether_they_are_sold(api: stripe.StripeClient) -> None:
    mug, cup = (api.v1.products.create(params={"name": name}).id for name in ("Mug", "Cup"))
    api.v1.products.update(cup, params={"active": False})

    assert [product.id for product in api.v1.products.list(params={"ids": [mug, "x"]}).data] == [mug]
    assert [product.id for product in api.v1.products.list(params={"active": False}).data] == [cup]


def test_a_product_has_no_features(api: stripe.StripeClient) -> None:
    """Which clients that copy products ask for, dj-stripe among them."""
    made = api.v1.products.create(params={"name": "Mug"})

    found = api.v1.products.features.list(made.id, params={"limit": 100})

    assert (found.data, found.has_more, found.url) == ([], False, f"/v1/products/{made.id}/features")
