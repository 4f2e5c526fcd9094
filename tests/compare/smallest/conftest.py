"""A table for the smallest shop's orders, as long as a test lasts."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import QuerySet

from compare.smallest.models import Order


@pytest.fixture
def orders(db: None, settings) -> QuerySet[Order]:
    """The orders of a shop that has none yet, and whose settings have the names of the article."""
    settings.STRIPE_WEBHOOK_SECRET = settings.STRIPE_WEBHOOK_SECRETS[0]
    with connection.cursor() as cursor:
        cursor.execute(*connection.schema_editor().table_sql(Order))
    return Order.objects.all()
