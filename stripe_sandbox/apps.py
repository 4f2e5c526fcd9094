"""The sandbox as a Django app."""

from __future__ import annotations

import logging
from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class StripeSandboxConfig(AppConfig):
    name = "stripe_sandbox"
    verbose_name = _("Stripe sandbox")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from stripe_sandbox import checks, masking  # noqa: F401  (the first registers the system checks)

        connection_created.connect(hurry)
        for name in ("django.request", "django.server"):
            logging.getLogger(name).addFilter(masking.in_log)


def hurry(connection: Any, **kwargs: Any) -> None:
    """Let the sandbox's database outlive a kill and not a power cut: with a write-ahead log, a third of the time.

    https://www.sqlite.org/pragma.html#pragma_synchronous
    """
    if connection.alias != "stripe_sandbox":
        return
    with connection.cursor() as cursor:
        if "synchronous" not in connection.settings_dict.get("OPTIONS", {}).get("init_command", ""):
            cursor.execute("PRAGMA synchronous=NORMAL")
        # Pages of 4 kB after which the log is written back, which waits for the disk: a charge writes 24.
        cursor.execute("PRAGMA wal_autocheckpoint=4000")
