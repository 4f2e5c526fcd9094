"""The comparison pages as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompareConfig(AppConfig):
    name = "compare"
    verbose_name = _("Compare")

    def ready(self) -> None:
        """Read and check the teaching texts now: a mistake in them stops the start and no visitor meets it."""
        from compare.content import content

        content()
