"""A payment and its refunds."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bbs.models.shop import Flow, Product
from bbs.money import format_money

# Stripe's names whose first letter alone is not enough, and those of the other ways to pay that this shop meets.
BRANDS = {"amex": "American Express", "diners": "Diners Club", "jcb": "JCB", "unionpay": "UnionPay"}
METHODS = {"card": _("Card"), "konbini": _("Convenience store")}


class Payment(models.Model):
    """One order and the money for it. Its key is the reference that Stripe keeps for us, in both flows.

    Amounts are in the currency's smallest unit. What was bought is copied here when the order is opened, so
    that a later change of the product changes no payment. `bbs.payments.ledger` alone moves `status`.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        PROCESSING = "processing", _("processing")
        PAID = "paid", _("paid")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("expired")
        PARTIALLY_REFUNDED = "partially_refunded", _("partially refunded")
        REFUNDED = "refunded", _("refunded")
        INQUIRY = "inquiry", _("inquiry")
        DISPUTED = "disputed", _("disputed")
        LOST = "lost", _("dispute lost")

    reference = models.UUIDField(_("reference"), primary_key=True, default=uuid.uuid4, editable=False)
    flow = models.CharField(_("flow"), max_length=6, choices=Flow)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PENDING)
    visitor = models.UUIDField(_("visitor"), help_text=_("browser session that placed the order"))
    language = models.CharField(_("language"), max_length=5)
    origin = models.CharField(_("origin"), max_length=300, help_text=_("scheme and host that the visitor used"))
    email = models.EmailField(_("e-mail"), blank=True)

    product = models.ForeignKey(Product, on_delete=models.PROTECT, verbose_name=_("product"))
    product_name = models.CharField(_("name as sold"), max_length=100)
    quantity = models.PositiveSmallIntegerField(_("quantity"))
    unit_amount = models.PositiveIntegerField(_("unit amount"))
    amount = models.PositiveIntegerField(_("amount"))
    amount_refunded = models.PositiveIntegerField(_("amount refunded"), default=0)
    currency = models.CharField(_("currency"), max_length=3)

    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0, help_text=_("part of the idempotency key"))
    token = models.CharField(_("token"), max_length=255, blank=True, help_text=_("legacy: the last token used"))
    checkout_session_id = models.CharField(_("Checkout Session"), max_length=255, null=True, unique=True)  # noqa: DJ001  (NULLs differ)
    payment_intent_id = models.CharField(_("PaymentIntent"), max_length=255, null=True, unique=True)  # noqa: DJ001
    charge_id = models.CharField(_("Charge"), max_length=255, null=True, unique=True)  # noqa: DJ001
    payment_method = models.CharField(
        _("payment method"),
        max_length=30,
        blank=True,
        default="",
        db_default="",  # for the version before it, which may still be running
        help_text=_("Stripe's name for it: card, konbini …"),
    )
    card_brand = models.CharField(_("card brand"), max_length=30, blank=True)
    card_last4 = models.CharField(_("last four digits"), max_length=4, blank=True)
    failure = models.CharField(_("failure"), max_length=100, blank=True, help_text=_("Stripe's decline or error code"))

    mismatched = models.BooleanField(
        _("mismatch"), default=False, help_text=_("Stripe's data and ours differ; staff should review it")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        permissions = [("refund_payment", _("Can refund payments"))]
        indexes = [
            models.Index(fields=["-mismatched", "-created_at"], name="payment_mismatches_first"),
            models.Index(fields=["status", "created_at"], name="payment_status_created"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(condition=Q(amount=F("unit_amount") * F("quantity")), name="payment_amount_adds_up"),
            models.CheckConstraint(condition=Q(amount_refunded__lte=F("amount")), name="payment_refunded_at_most_all"),
            models.CheckConstraint(
                condition=Q(paid_at__isnull=True, status__in=["pending", "processing", "failed", "expired"])
                | Q(
                    paid_at__isnull=False,
                    status__in=["paid", "partially_refunded", "refunded", "inquiry", "disputed", "lost"],
                ),
                name="payment_paid_status_has_time",
            ),
            models.CheckConstraint(
                condition=Q(paid_at__isnull=True) | Q(charge_id__isnull=False) | Q(payment_intent_id__isnull=False),
                name="payment_paid_has_stripe_id",
            ),
            # An id that is not known is NULL. An empty one would differ from what Stripe names later, and be unique.
            models.CheckConstraint(
                condition=~Q(checkout_session_id="") & ~Q(payment_intent_id="") & ~Q(charge_id=""),
                name="payment_ids_null_or_named",
            ),
        ]

    def __str__(self) -> str:
        return str(self.reference)

    def get_absolute_url(self) -> str:
        return reverse("bbs:receipt", args=[self.reference])

    @property
    def total(self) -> str:
        return format_money(self.amount, self.currency)

    @property
    def refunded_total(self) -> str:
        return format_money(self.amount_refunded, self.currency)

    @property
    def description(self) -> str:
        """What was bought, as Stripe's Dashboard and receipts show it."""
        return f"{self.product_name} × {self.quantity}"

    @property
    def payment_method_text(self) -> str:
        """How it was paid, as a person reads it; empty until it is recorded."""
        if self.card_last4:
            return f"{BRANDS.get(self.card_brand, self.card_brand.title())} ···· {self.card_last4}"
        return str(METHODS.get(self.payment_method, self.payment_method.replace("_", " ").capitalize()))

    @property
    def amount_refund_open(self) -> int:
        """What is part of `amount_refunded`, and on its way to the customer or waiting for them."""
        return sum(refund.amount for refund in self.refunds.all() if refund.is_open)

    @property
    def refund_open_total(self) -> str:
        return format_money(self.amount_refund_open, self.currency)

    @property
    def given_back_total(self) -> str:
        """The amount that has arrived at the customer's bank, by Stripe's refund status; empty for nothing."""
        amount = self.amount_refunded - self.amount_refund_open
        return format_money(amount, self.currency) if amount > 0 else ""

    @property
    def refunds_to_show(self) -> list[Refund]:
        """The refunds that did not simply succeed; a failed one until another was made after it."""
        refunds = list(self.refunds.all())
        newest = max((refund.created_at for refund in refunds), default=datetime.min.replace(tzinfo=UTC))
        return [refund for refund in refunds if refund.is_open or (refund.is_undone and refund.changed_at >= newest)]

    @property
    def status_text(self) -> str:
        """The status as a person reads it: a refund that is under way is not "refunded" yet."""
        if self.amount_refund_open and self.status in (self.Status.PARTIALLY_REFUNDED, self.Status.REFUNDED):
            return str(_("refund under way"))
        return self.get_status_display()

    @property
    def amount_left(self) -> int:
        """What can still be given back, in the currency's smallest unit."""
        return self.amount - self.amount_refunded if self.is_paid else 0

    @property
    def left_total(self) -> str:
        return format_money(self.amount_left, self.currency)

    @property
    def retry_url(self) -> str:
        """The address at which the same product can be ordered again."""
        return self.product.order_url(self.quantity)

    @property
    def masked_email(self) -> str:
        """The address with all but its first letter and its domain hidden: enough for its owner."""
        name, _at, domain = self.email.partition("@")
        return f"{name[:1]}•••@{domain}" if domain else ""

    @property
    def is_paid(self) -> bool:
        return self.paid_at is not None

    @property
    def is_final(self) -> bool:
        return self.status not in (self.Status.PENDING, self.Status.PROCESSING)


class Refund(models.Model):
    """One refund of a payment, as Stripe has it. `bbs.payments.ledger` alone writes it.

    A refund of a card can fail weeks after it succeeded, and one of a konbini payment waits until the customer has
    named a bank account: https://docs.stripe.com/refunds#failed-refunds
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("under way")
        REQUIRES_ACTION = "requires_action", _("requires action by the customer")
        SUCCEEDED = "succeeded", _("refunded")
        FAILED = "failed", _("failed")
        CANCELED = "canceled", _("canceled")

    OPEN = (Status.PENDING, Status.REQUIRES_ACTION)
    UNDONE = (Status.FAILED, Status.CANCELED)

    id = models.CharField(primary_key=True, max_length=255)
    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="refunds", verbose_name=_("payment"))
    amount = models.PositiveIntegerField(_("amount"))
    status = models.CharField(_("refund status"), max_length=20, choices=Status)
    failure_reason = models.CharField(_("failure"), max_length=100, blank=True, help_text=_("Stripe's code for it"))
    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        indexes = [models.Index(fields=["status"], name="refund_status")]

    def __str__(self) -> str:
        return self.id

    @property
    def total(self) -> str:
        return format_money(self.amount, self.payment.currency)

    @property
    def is_open(self) -> bool:
        """Whether the money is part of what was refunded, and has not arrived yet."""
        return self.status in self.OPEN

    @property
    def is_undone(self) -> bool:
        """Whether the money came back to us."""
        return self.status in self.UNDONE
