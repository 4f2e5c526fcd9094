"""The rows that are the same for every test, and stay when a test's own are deleted.

Django would delete permissions and content types after each test and write them anew: 20 ms, for every one of hundreds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate

TABLES = {"django_content_type", "auth_permission"}
PERMISSIONS = "django.contrib.auth.management.create_permissions"


def without_kept(tables: list[str]) -> list[str]:
    return [table for table in tables if table not in TABLES]


@contextmanager
def kept() -> Iterator[None]:
    """Write none of those rows within this block: they are there."""
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid=PERMISSIONS)
    try:
        yield
    finally:
        post_migrate.connect(create_contenttypes)
        post_migrate.connect(create_permissions, dispatch_uid=PERMISSIONS)
