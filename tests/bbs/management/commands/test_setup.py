"""`manage.py setup`: every database is made ready, however often it is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from bbs.models import Product, Topic
from tests.stage import sites
from tests.stage.stories import run

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


def test_an_empty_board_gets_its_samples_and_another_one_is_left_alone() -> None:
    run("setup")
    Topic.objects.create(comment="mine")
    before = (Product.objects.count(), Topic.objects.count())

    run("setup")

    assert before == (Product.objects.count(), Topic.objects.count()) == (3, 6)


def test_only_its_owner_can_read_what_it_makes(tmp_path: Path) -> None:
    code, said = sites.manage(tmp_path, "setup")

    assert code == 0, said
    assert "site.sqlite3" in {path.name for path in tmp_path.iterdir()}
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}
