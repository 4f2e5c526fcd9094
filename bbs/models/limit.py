"""How much was done within the last minute, and by whom, as far as a limit needs it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RecentCount(models.Model):
    """How often one visitor, or one address, has done one thing within a minute that began with the first time.

    The key is a keyed hash: it recognises a repeat visitor, without a name. `bbs.limits` alone reads and writes it.
    """

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField(_("count"), default=0)
    expires_at = models.DateTimeField(_("expires at"), db_index=True)

    class Meta:
        verbose_name = _("recent count")
        verbose_name_plural = _("recent counts")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.count} until {self.expires_at}"
