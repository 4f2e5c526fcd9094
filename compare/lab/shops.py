"""The shop of a rung, and the shop of this site, as the lab looks at them: its addresses, and what its books say."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from io import StringIO
from typing import Protocol, cast, get_args

import stripe
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.urls import is_valid_path
from django.utils.module_loading import import_string

from bbs import payments
from bbs.models import Payment, Topic
from compare.content.entries import Rung
from compare.content.values import Sight
from compare.ladder.rungs.models import Order

# What is bought, by the visitor of any shop: one test payment of 30,000 yen, as in the article.
PRICE = 30000
Form = dict[str, str]


class Shop(Protocol):
    """What the runs look at. Amounts are in yen."""

    @property
    def addresses(self) -> str:
        """The module with the shop's addresses; empty for those of the site."""

    @property
    def board(self) -> str:
        """The path of the page with the pay form."""

    @property
    def has_webhook(self) -> bool:
        """Whether it has an address for Stripe's events."""

    def books(self) -> list[int]:
        """Return what was paid and not refunded, of each order that was paid."""

    def paid_at(self) -> datetime | None:
        """Return when the books first said that something was paid."""

    def delivered(self) -> int:
        """Return how many goods were delivered."""

    def status(self, path: str) -> Sight | None:
        """Return the payment status that the page at this path shows; None where it shows none."""

    def is_noted(self) -> bool:
        """Return whether staff are shown that Stripe's data and the order differ."""

    def is_disputed(self) -> bool:
        """Return whether an order is recorded as disputed."""

    def check(self) -> None:
        """Compare the books with Stripe's, as a scheduled job does; does nothing where there is no such job."""

    def refund(self, amount: int) -> None:
        """Refund a part of the only payment."""


class RungShop:
    """The module of a rung."""

    board = "/"

    def __init__(self, rung: Rung) -> None:
        self.addresses = rung.path.removesuffix(".py").replace("/", ".")
        self.has_webhook = bool(is_valid_path("/webhook/", self.addresses))

    def books(self) -> list[int]:
        return [order.amount - order.amount_refunded for order in _paid_orders()]

    def paid_at(self) -> datetime | None:
        return _paid_orders().values_list("paid_at", flat=True).order_by("paid_at").first()

    def delivered(self) -> int:
        return _paid_orders().count()

    def status(self, path: str) -> Sight | None:
        return None

    def is_noted(self) -> bool:
        return False

    def is_disputed(self) -> bool:
        return False

    def check(self) -> None:
        """Do nothing: no rung has such a job."""

    def refund(self, amount: int) -> None:
        """Refund in the Dashboard: a rung has no code for it."""
        dashboard = stripe_side(settings.STRIPE_SECRET_KEY)
        (charge,) = (charge for charge in dashboard.v1.charges.list().data if charge.paid)
        dashboard.v1.refunds.create({"charge": charge.id, "amount": amount})


def _paid_orders() -> QuerySet[Order]:
    return Order._default_manager.filter(paid_at__isnull=False)


class SiteShop:
    """The shop of this site."""

    addresses = ""
    board = "/?product=test-payment"
    has_webhook = True

    def books(self) -> list[int]:
        return [payment.amount_left for payment in Payment.objects.filter(paid_at__isnull=False)]

    def paid_at(self) -> datetime | None:
        paid = Payment.objects.filter(paid_at__isnull=False)
        return paid.values_list("paid_at", flat=True).order_by("paid_at").first()

    def delivered(self) -> int:
        return Topic.objects.exclude(payment=None).count()

    def status(self, path: str) -> Sight | None:
        payment = Payment.objects.filter(pk=path.split("/")[2]).first() if path.startswith("/payments/") else None
        if payment is None:
            return None
        return cast(Sight, payment.status) if payment.status in get_args(Sight) else "page"

    def is_noted(self) -> bool:
        return Payment.objects.filter(mismatched=True).exists()

    def is_disputed(self) -> bool:
        return Payment.objects.filter(status=Payment.Status.DISPUTED).exists()

    def check(self) -> None:
        """Run the scheduled job."""
        # What could not be repaired the books show too.
        with suppress(CommandError):
            call_command("reconcile_payments", stdout=StringIO(), stderr=StringIO())

    def refund(self, amount: int) -> None:
        payments.refund(Payment.objects.get(), amount)


def stripe_side(key: str) -> stripe.StripeClient:
    """Return a client whose calls are not the shop's: the Dashboard's, or those of Stripe's dialog in a browser."""
    return stripe.StripeClient(key, http_client=import_string(settings.STRIPE_HTTP_CLIENT)())


def shop_of(rung: Rung) -> Shop:
    """Return the shop of a rung: the last one of each flow is that of this site."""
    if rung.is_site:
        return SiteShop()
    return RungShop(rung)
