"""What happened to a payment."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from bbs.models.payment import Payment
from bbs.money import format_money


class HistoryEntry(models.Model):
    """One thing that happened to a payment, in the order in which we recorded it."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("the order arrived")
        SENT_TO_STRIPE = "sent_to_stripe", _("a Checkout Session was created, and the visitor redirected to it")
        TOKEN = "token", _("the card's token arrived, and we charged it")
        RETURNED = "returned", _("the visitor returned")
        WEBHOOK = "webhook", _("Stripe's webhook arrived")
        PROCESSING = "processing", _("waiting for payment")
        PAID = "paid", _("paid")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")
        REFUND_PENDING = "refund_pending", _("a refund is under way")
        REFUND_ACTION = "refund_action", _("a refund requires action by the customer")
        REFUNDED = "refunded", _("refunded")
        REFUND_FAILED = "refund_failed", _("a refund failed")
        REFUND_CANCELED = "refund_canceled", _("a refund was canceled")
        INQUIRY = "inquiry", _("the bank opened an inquiry; no money has moved")
        INQUIRY_CLOSED = "inquiry_closed", _("the bank's inquiry is closed")
        DISPUTED = "disputed", _("the bank opened a dispute")
        DISPUTE_CLOSED = "dispute_closed", _("the dispute is closed")
        MISMATCH = "mismatch", _("Stripe's data and ours differ; staff will review it")

    REFUNDS = (Kind.REFUND_PENDING, Kind.REFUND_ACTION, Kind.REFUNDED, Kind.REFUND_FAILED, Kind.REFUND_CANCELED)
    ROUTES: dict[str, Any] = {
        Kind.OPENED: _("you → us"),
        Kind.SENT_TO_STRIPE: _("us → Stripe"),
        Kind.TOKEN: _("you → us → Stripe"),
        Kind.RETURNED: _("Stripe → you → us"),
        Kind.WEBHOOK: _("Stripe → us"),
    }

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="history", verbose_name=_("payment"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    detail = models.CharField(_("detail"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("history entry")
        verbose_name_plural = _("history")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.detail}".strip()

    @property
    def route(self) -> str:
        """The sender and receiver of the message, or "" where there was none."""
        return str(self.ROUTES.get(self.kind, ""))

    @property
    def shown_detail(self) -> str:
        """The detail as a person reads it: a refund's amount as money."""
        if self.kind in self.REFUNDS:
            amount, currency = self.detail.split()
            return format_money(int(amount), currency)
        return self.detail

    @property
    def is_for_visitor(self) -> bool:
        """Whether the detail may be shown: not why a bank declined, and not what only staff can fix."""
        return self.kind not in (self.Kind.DECLINED, self.Kind.MISMATCH)
