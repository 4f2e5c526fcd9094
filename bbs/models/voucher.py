"""What a customer pays with at a convenience store."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bbs.models.payment import Payment

STORES = {
    "familymart": _("FamilyMart"),
    "lawson": _("Lawson"),
    "ministop": _("Ministop"),
    "seicomart": _("Seicomart"),
}


class Voucher(models.Model):
    """What is needed to pay at a convenience store, as Stripe gave it when its page was left.

    It is stored with the move to "processing" and never changes, so that no receipt asks Stripe for it.
    https://docs.stripe.com/payments/konbini
    """

    payment = models.OneToOneField(
        Payment, on_delete=models.CASCADE, primary_key=True, related_name="voucher", verbose_name=_("payment")
    )
    url = models.TextField(_("Stripe's page"), blank=True)
    expires_at = models.DateTimeField(_("to be paid by"))
    codes = models.JSONField(_("codes"), default=dict, help_text=_("payment code and confirmation number, by store"))

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")

    def __str__(self) -> str:
        return f"{self.payment_id}"

    @property
    def stores(self) -> list[tuple[str, str, str]]:
        """Return each store's name, payment code and confirmation number; the number may be empty."""
        found = [(str(name), self.codes.get(key) or {}) for key, name in STORES.items()]
        return [(name, code["payment_code"], code.get("confirmation_number") or "") for name, code in found if code]
