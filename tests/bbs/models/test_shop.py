"""What is sold: prices that Stripe takes, in the visitor's language."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from bbs.models import Product
from bbs.models.shop import MAX_UNIT_AMOUNT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "name", "price"), [("ja", "Tシャツ", "￥2,000"), ("en", "T-shirt", "¥2,000")])
def test_a_product_speaks_the_visitors_language(products, language: str, name: str, price: str) -> None:
    with translation.override(language):
        assert (str(products["t-shirt"]), products["t-shirt"].price) == (name, price)


@pytest.mark.parametrize("change", [{"unit_amount": 0}, {"currency": "JPY"}], ids=["free", "upper case"])
def test_the_database_refuses_a_price_that_stripe_would(products, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(slug="t-shirt").update(**change)


@pytest.mark.parametrize(
    ("field", "value"),
    [("unit_amount", 0), ("unit_amount", MAX_UNIT_AMOUNT + 1), ("currency", "JPY"), ("currency", "jp")],
)
def test_a_price_is_checked_where_it_is_entered(products, field: str, value: object) -> None:
    setattr(products["t-shirt"], field, value)

    with pytest.raises(ValidationError) as refused:
        products["t-shirt"].full_clean()

    assert field in refused.value.error_dict


def test_ten_of_the_dearest_product_fit_into_what_stripe_takes() -> None:
    assert len(str(10 * MAX_UNIT_AMOUNT)) == 8
