"""`manage.py setup`: every database is made ready, however often it is run."""

from __future__ import annotations

import pytest

from bbs.models import Product, Topic
from tests.stage.stories import run

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


def test_an_empty_board_gets_its_samples_and_another_one_is_left_alone() -> None:
    run("setup")
    Topic.objects.create(comment="mine")
    before = (Product.objects.count(), Topic.objects.count())

    run("setup")

    assert before == (Product.objects.count(), Topic.objects.count()) == (3, 6)
