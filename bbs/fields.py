"""A form field for money, which staff type as they read it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bbs.money import format_money, parse_amount, plain_amount


class MoneyField(forms.Field):
    """An amount that is typed and shown in the currency's main unit, "20.00"; its value is in the API's unit, 2000.

    Its form sets `currency`, and `max_value` in the API's unit, where they are not known before.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 12})

    def __init__(self, *, currency: str = "", max_value: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.currency = currency
        self.max_value = max_value

    def prepare_value(self, value: int | str | None) -> str | None:
        """Return an amount as it is typed; what was typed, and may be no amount, as it is."""
        return plain_amount(value, self.currency) if isinstance(value, int) else value

    def to_python(self, value: str | None) -> int | None:
        if value is None or value in self.empty_values:
            return None
        try:
            return parse_amount(value, self.currency)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value == 0:
            raise ValidationError(_("The amount must be more than zero."))
        if value and self.max_value is not None and value > self.max_value:
            most = format_money(self.max_value, self.currency)
            raise ValidationError(_("The amount must be at most %(most)s.") % {"most": most})

    def has_changed(self, initial: int | None, data: str | None) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True
