"""The board as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BbsConfig(AppConfig):
    name = "bbs"
    verbose_name = _("Board")

    def ready(self) -> None:
        from bbs import checks  # noqa: F401  (registers the system checks)
        from bbs.payments import client

        client.configure()
