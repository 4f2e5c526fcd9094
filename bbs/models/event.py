"""The inbox of Stripe's webhook events."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bbs.models.payment import Payment


class WebhookEvent(models.Model):
    """An event from Stripe whose signature was good. Its key is the event's id, so a duplicate finds itself."""

    id = models.CharField(primary_key=True, max_length=255)
    type = models.CharField(_("type"), max_length=100, db_index=True)
    payment = models.ForeignKey(
        Payment, on_delete=models.SET_NULL, null=True, related_name="events", verbose_name=_("payment")
    )
    payload = models.TextField(_("payload"), help_text=_("as it was signed"))
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    processed_at = models.DateTimeField(_("processed at"), null=True, db_index=True)
    error = models.CharField(
        _("error"),
        max_length=255,
        blank=True,
        help_text=_("why it was not processed, or is waiting to be processed again"),
    )

    class Meta:
        ordering = ["-received_at"]
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")

    def __str__(self) -> str:
        return f"{self.type} [{self.id}]"

    @property
    def is_new(self) -> bool:
        """Whether it is not in the database yet."""
        return self._state.adding

    @is_new.setter
    def is_new(self, value: bool) -> None:
        self._state.adding = value
