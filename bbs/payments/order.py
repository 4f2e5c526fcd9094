"""The order as it travels in a form: signed, so that showing the board writes nothing and trusts nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.core import signing
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bbs.models import Flow, Payment, Product
from bbs.money import format_money

MAX_QUANTITY = 10
MAX_AGE = 24 * 60 * 60  # seconds; as long as Stripe keeps an idempotency key
_SALT = "bbs.order"


class OrderRefused(Exception):
    """An order that cannot be accepted; the text is for the visitor, and nothing was created or charged.

    `again` is the address where the same product is offered on today's terms, or empty.
    """

    def __init__(self, text: str | Promise, again: str = "", values: Mapping[str, object] | None = None) -> None:
        super().__init__(text)
        self.again, self.values = again, values

    def __str__(self) -> str:
        """Return the text in the language of the moment: the log has it in English."""
        return str(self.args[0]) % self.values if self.values else str(self.args[0])


@dataclass(frozen=True)
class Order:
    """What a visitor is about to pay for, and the reference under which they will."""

    product: Product
    quantity: int
    flow: str
    unit_amount: int  # as shown, in the currency's smallest unit
    currency: str
    reference: uuid.UUID = field(default_factory=uuid.uuid4)
    form: str = field(default="", compare=False, repr=False)  # the signed value it was read from, with its time

    @property
    def amount(self) -> int:
        return self.unit_amount * self.quantity

    @property
    def total(self) -> str:
        return format_money(self.amount, self.currency)

    @property
    def signed(self) -> str:
        value = [self.product.pk, self.quantity, self.flow, self.unit_amount, self.currency, str(self.reference)]
        return signing.dumps(value, salt=_SALT)

    @classmethod
    def from_signed(cls, value: str) -> Order:
        """Read what `signed` wrote, up to MAX_AGE seconds ago.

        Raises OrderRefused for a value that we did not sign or that is too old.
        """
        try:
            product_id, quantity, flow, unit_amount, currency, reference = signing.loads(
                value, salt=_SALT, max_age=MAX_AGE
            )
        except signing.SignatureExpired:
            raise OrderRefused(_("This order form is more than a day old. Nothing was charged.")) from None
        except signing.BadSignature:
            raise OrderRefused(
                _("This order form was changed, or it is not from this site. Nothing was charged.")
            ) from None
        product = Product.objects.filter(pk=product_id).first()
        if product is None:
            raise OrderRefused(_("This product is no longer sold. Nothing was charged."))
        return cls(product, quantity, flow, unit_amount, currency, uuid.UUID(reference), form=value)

    @property
    def outdated(self) -> OrderRefused | None:
        """Why it cannot be ordered as it was shown: not sold any more, or at another price; None when it can."""
        if not self.product.active:
            return OrderRefused(_("This product is no longer sold. Nothing was charged."))
        if (self.unit_amount, self.currency) != (self.product.unit_amount, self.product.currency):
            text = _("The price has changed: it is %(price)s now. Nothing was charged.")
            return OrderRefused(text, self.again, {"price": self.product.price})
        return None

    @property
    def again(self) -> str:
        """The address where the same product is offered on today's terms; empty when it is no longer sold."""
        return self.product.order_url(self.quantity) if self.product.active else ""

    def refuse_if_outdated(self) -> None:
        """Raise OrderRefused when the product is no longer sold, or not at the price that was shown."""
        if outdated := self.outdated:
            raise outdated

    def refuse_after_grace(self) -> None:
        """Raise OrderRefused for a form that was shown more than `settings.LEGACY_GRACE_HOURS` ago."""
        try:
            signing.loads(self.form, salt=_SALT, max_age=settings.LEGACY_GRACE_HOURS * 60 * 60)
        except signing.SignatureExpired:
            text = _("How to pay has changed since this order form was shown. Nothing was charged; please order again.")
            raise OrderRefused(text, self.again) from None

    @classmethod
    def of(cls, payment: Payment) -> Order:
        """Return the order of a payment, to be tried again under the same reference."""
        quantity, flow, unit_amount, currency = payment.quantity, payment.flow, payment.unit_amount, payment.currency
        return cls(payment.product, quantity, flow, unit_amount, currency, payment.reference)

    @classmethod
    def choose(cls, products: list[Product], slug: str | None, quantity: str | None, flow: Flow | str) -> Order:
        """Make a fresh order from what a visitor chose: defaults: the first product, quantity 1.

        Raises OrderRefused for a product that is not among `products`, or a quantity that is not 1 to 10.
        """
        if not products:
            raise OrderRefused(_("Nothing is for sale at the moment."))
        chosen = products[0] if slug is None else next((p for p in products if p.slug == slug), None)
        if chosen is None:
            raise OrderRefused(_("We do not sell this product. Nothing was ordered."))
        if (quantity := "1" if quantity is None else quantity) not in map(str, range(1, MAX_QUANTITY + 1)):
            text = _("The quantity must be a whole number from 1 to %(most)d. Nothing was ordered.")
            raise OrderRefused(text, values={"most": MAX_QUANTITY})
        return cls(chosen, int(quantity), str(flow), chosen.unit_amount, chosen.currency)
