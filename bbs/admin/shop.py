"""What visitors see and buy: topics and products."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bbs.fields import MoneyField
from bbs.models import Product, Topic
from bbs.models.shop import MAX_UNIT_AMOUNT


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["__str__", "created_at", "hidden"]
    list_filter = ["hidden", "created_at"]
    search_fields = ["comment"]
    search_help_text = _("Searches the comments.")
    readonly_fields = ["payment", "created_at"]
    actions = ["hide", "restore"]

    @admin.action(description=_("Hide the selected topics"), permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Topic]) -> None:
        queryset.update(hidden=True)

    @admin.action(description=_("Show the selected topics again"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Topic]) -> None:
        queryset.update(hidden=False)


class ProductForm(forms.ModelForm):
    """A product, with its price in the main unit of the currency that is typed beside it."""

    unit_amount = MoneyField(
        label=_("Price"),
        max_value=MAX_UNIT_AMOUNT,
        help_text=_("In the currency's main unit: 20.00 for $20.00, 500 for ¥500."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        price = self.fields["unit_amount"]
        if isinstance(price, MoneyField) and "currency" in self.fields:  # who may only look has no other
            price.currency = str(self["currency"].value() or "")


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    form = ProductForm
    list_display = ["name", "price_shown", "active", "position"]
    list_editable = ["active", "position"]
    prepopulated_fields = {"slug": ["name_en"]}

    @admin.display(description=_("Price"), ordering="unit_amount")
    def price_shown(self, product: Product) -> str:
        return product.price

    def get_fields(self, request: HttpRequest, obj: Product | None = None) -> list[Any]:
        """Show the price, and not the row's integer, to who may only look."""
        fields = list(super().get_fields(request, obj))
        if obj is None or self.has_change_permission(request, obj):
            return fields
        return ["price_shown" if name == "unit_amount" else name for name in fields]
