"""What checkout.js adds to the order's form: the token of a card, and the address entered in its dialog."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bbs.models import Payment
from bbs.payments.order import OrderRefused

_TOKEN = re.compile(r"tok_[\w-]{1,200}", re.ASCII)


class CardForm(forms.Form):
    """The two fields, under the names that checkout.js gives them."""

    stripeToken = forms.CharField(max_length=204, strip=False)
    stripeEmail = forms.Field(required=False)

    @classmethod
    def read(cls, posted: Mapping[str, str]) -> CardForm:
        """Return what was posted. Raises OrderRefused without the token of a card."""
        form = cls(posted)
        if not form.is_valid():
            raise OrderRefused(_("No card was entered. Nothing was charged."))
        return form

    @property
    def token(self) -> str:
        return str(self.cleaned_data["stripeToken"])

    @property
    def email(self) -> str:
        """The address for the receipt; empty for none or a bad one."""
        return str(self.cleaned_data["stripeEmail"])

    def clean_stripeToken(self) -> str:
        """Refuse what cannot be a card's token: Stripe is not asked about it."""
        token = str(self.cleaned_data["stripeToken"])
        if not _TOKEN.fullmatch(token):
            raise ValidationError("not the token of a card")
        return token

    def clean_stripeEmail(self) -> str:
        """Leave out an address that we cannot keep: a receipt is not worth losing a sale over a bad one."""
        try:
            return str(Payment._meta.get_field("email").clean(self.cleaned_data["stripeEmail"], None))
        except ValidationError:
            return ""
