"""The mails that a payment queued."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bbs.models.payment import Payment, Refund


class Mail(models.Model):
    """A mail that is to be sent: written with what it is about, sent after the commit, kept until it is sent."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("to the customer")
        VOUCHER = "voucher", _("to the customer, with what is needed to pay at a store")
        STAFF = "staff", _("to the staff")
        REFUND_FAILED = "refund_failed", _("to the staff, of a refund that failed")
        LEGACY_ENDED = "legacy_ended", _("to the staff: Stripe no longer accepts card tokens")
        LEGACY_AUTHENTICATION = "legacy_3ds", _("to the staff: a legacy payment needed authentication")

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="mails", verbose_name=_("payment"))
    refund = models.OneToOneField(Refund, on_delete=models.CASCADE, null=True, verbose_name=_("refund"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, db_index=True)
    error = models.CharField(_("error"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.UniqueConstraint(fields=["payment", "kind"], condition=Q(refund=None), name="mail_once_per_payment")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.payment_id}"
