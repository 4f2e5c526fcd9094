"""Which database a table is in: the sandbox's tables are in theirs, and nothing else is."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from stripe_sandbox.conf import DATABASE

APP_LABEL = "stripe_sandbox"


class SandboxRouter:
    """Keep the sandbox's tables in a database of their own: the site's rollback must not roll back "Stripe"."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return DATABASE if model._meta.app_label == APP_LABEL else None

    db_for_write = db_for_read

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool | None:
        sides = {obj1._meta.app_label == APP_LABEL, obj2._meta.app_label == APP_LABEL}
        return None if sides == {False} else sides == {True}

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        if app_label == APP_LABEL or db == DATABASE:
            return app_label == APP_LABEL and db == DATABASE
        return None
