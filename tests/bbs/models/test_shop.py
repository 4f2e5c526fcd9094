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


@pytest.mark.parametrize(
    ("currency", "amount", "field", "english", "japanese"),
    [
        ("usd", 49, "unit_amount", "Stripe's minimum in this currency is $0.50", "最低額は $0.50 です"),
        ("ugx", 1050, "unit_amount", "Stripe accepts UGX only in steps of UGX\xa01", "金額は UGX\xa01 単位です"),
        (
            "kwd",
            1234,
            "unit_amount",
            "Stripe accepts KWD only in steps of KWD\xa00.010",
            "金額は KWD\xa00.010 単位です",
        ),
        ("xyz", 1000, "currency", "Stripe does not charge in “xyz”", "通貨「xyz」に対応していません"),
    ],
)
def test_a_price_that_stripe_refuses_is_refused_in_both_languages(
    products, currency: str, amount: int, field: str, english: str, japanese: str
) -> None:
    product = products["t-shirt"]
    product.currency, product.unit_amount = currency, amount

    for language, said in (("en", english), ("ja", japanese)):
        with translation.override(language), pytest.raises(ValidationError) as refused:
            product.full_clean()
        assert said in refused.value.message_dict[field][0]


@pytest.mark.parametrize(("currency", "amount"), [("huf", 1_999_050), ("twd", 5001), ("ugx", 500_000), ("isk", 100)])
def test_a_price_that_stripe_takes_is_taken(products, currency: str, amount: int) -> None:
    product = products["t-shirt"]
    product.currency, product.unit_amount = currency, amount

    product.full_clean()


def test_a_form_without_the_price_does_not_check_it(products) -> None:
    product = products["t-shirt"]
    product.currency = "xyz"

    product.full_clean(exclude=["currency"])


def test_ten_of_the_dearest_product_fit_into_what_stripe_takes() -> None:
    assert len(str(10 * MAX_UNIT_AMOUNT)) == 8
