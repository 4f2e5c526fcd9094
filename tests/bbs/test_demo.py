"""The samples: an empty board is filled, and another one stays as it is."""

from __future__ import annotations

import pytest

from bbs import demo
from bbs.models import Product, Topic

pytestmark = pytest.mark.django_db


def test_an_empty_board_is_filled_once() -> None:
    demo.load()
    demo.load()

    assert [product.slug for product in Product.objects.all()] == ["t-shirt", "test-payment", "sunglass-101"]
    assert Topic.objects.count() == len(demo.COMMENTS)


def test_every_sample_is_valid() -> None:
    demo.load()

    for product in Product.objects.all():
        product.full_clean()


def test_what_somebody_sells_or_has_written_stays_as_it_is() -> None:
    Product.objects.create(slug="own", name_ja="品", name_en="Own", currency="jpy", unit_amount=1, active=False)
    Topic.objects.create(comment="mine", hidden=True)

    demo.load()

    assert [product.slug for product in Product.objects.all()] == ["own"]
    assert [topic.comment for topic in Topic.objects.all()] == ["mine"]
