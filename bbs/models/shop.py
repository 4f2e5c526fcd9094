"""What is sold, and the two ways to pay for it."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bbs.money import CURRENCIES, format_money, refuse_price

# Ten of the dearest product still fit into the eight digits that Stripe takes.
MAX_UNIT_AMOUNT = 9_999_999


class Flow(models.TextChoices):
    """The two ways to take a payment; `settings.PAYMENT_FLOW` holds one of these values."""

    MODERN = "modern", _("modern")
    LEGACY = "legacy", _("legacy")


class Product(models.Model):
    """Something that is sold. The price is this row's, never the browser's."""

    slug = models.SlugField(_("slug"), unique=True)
    name_ja = models.CharField(_("name (Japanese)"), max_length=100)
    name_en = models.CharField(_("name (English)"), max_length=100)
    description_ja = models.CharField(_("description (Japanese)"), max_length=200, blank=True)
    description_en = models.CharField(_("description (English)"), max_length=200, blank=True)
    currency = models.CharField(_("currency"), max_length=3, help_text=_("ISO code in lower case, as Stripe has it"))
    unit_amount = models.PositiveIntegerField(
        _("unit amount"),
        validators=[MinValueValidator(1), MaxValueValidator(MAX_UNIT_AMOUNT)],
        help_text=_("in the currency's smallest unit"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.CheckConstraint(condition=Q(unit_amount__gt=0), name="product_unit_amount_positive"),
            models.CheckConstraint(condition=Q(currency=Lower("currency")), name="product_currency_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Check the price against Stripe's rules for its currency too, unless one of the two is excluded."""
        super().clean_fields(exclude)
        if {"currency", "unit_amount"} & set(exclude or ()):
            return
        if self.currency not in CURRENCIES:
            unknown = gettext("Stripe does not charge in “%(currency)s”: use a code from docs.stripe.com/currencies.")
            raise ValidationError({"currency": unknown % {"currency": self.currency}})
        try:
            refuse_price(self.unit_amount, self.currency)
        except ValueError as error:
            raise ValidationError({"unit_amount": str(error)}) from None

    @property
    def name(self) -> str:
        return self.name_ja if get_language() == "ja" else self.name_en

    @property
    def description(self) -> str:
        return self.description_ja if get_language() == "ja" else self.description_en

    @property
    def price(self) -> str:
        return format_money(self.unit_amount, self.currency)

    def order_url(self, quantity: int) -> str:
        """Return where so many of it can be ordered."""
        return f"{reverse('bbs:index')}?{urlencode({'product': self.slug, 'quantity': quantity})}#shop"
