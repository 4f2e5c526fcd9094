"""The sandbox's tables are in a database of their own."""

from __future__ import annotations

import pytest
import stripe
from django.contrib.auth.models import User
from django.db import router, transaction

from stripe_sandbox.models import StripeObject, Task
from tests.stripe_sandbox.stage.calls import CHARGE


def test_each_model_has_its_database() -> None:
    assert (router.db_for_read(StripeObject), router.db_for_write(Task)) == ("stripe_sandbox", "stripe_sandbox")
    assert (router.db_for_read(User), router.db_for_write(User)) == ("default", "default")


@pytest.mark.parametrize(
    ("database", "app", "allowed"),
    [
        ("stripe_sandbox", "stripe_sandbox", True),
        ("stripe_sandbox", "auth", False),
        ("default", "stripe_sandbox", False),
        ("default", "auth", True),
    ],
)
def test_each_table_is_made_in_one_database(database: str, app: str, allowed: bool) -> None:
    assert router.allow_migrate(database, app) is allowed


def test_no_relation_leads_from_one_to_the_other() -> None:
    assert not router.allow_relation(StripeObject(), User())
    assert router.allow_relation(StripeObject(), Task())
    assert router.allow_relation(User(), User())


@pytest.mark.django_db(databases="__all__")
def test_what_the_site_rolls_back_has_happened_at_stripe_all_the_same(api: stripe.StripeClient) -> None:
    with transaction.atomic():
        api.v1.charges.create(params=CHARGE)
        transaction.set_rollback(True)

    assert len(api.v1.charges.list().data) == 1
