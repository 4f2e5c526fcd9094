"""Payments with all that belongs to them, and Stripe's events: to be read, and brought up to date from Stripe."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bbs import payments
from bbs.admin.own_flow import OwnFlow
from bbs.admin.refunding import Refunding
from bbs.models import HistoryEntry, Mail, Payment, Refund, WebhookEvent
from bbs.money import format_money
from bbs.payments import reconciliation
from bbs.payments.errors import tolerated


class ReadOnly:
    """Rows that only payments and Stripe write: editing them by hand would falsify the books."""

    opts: Any  # of the model, by the admin class that this is mixed into

    def has_add_permission(self, *args: object) -> bool:
        return False

    def has_change_permission(self, *args: object) -> bool:
        return False

    def has_delete_permission(self, *args: object) -> bool:
        return False

    def has_action_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may start what changes a row by Stripe's response: one with the change permission."""
        return request.user.has_perm(f"{self.opts.app_label}.{get_permission_codename('change', self.opts)}")


class RowsInline(ReadOnly, admin.TabularInline):
    """What belongs to a payment, to be read."""

    template = "admin/bbs/payment/_rows.html"


class HistoryInline(RowsInline):
    model = HistoryEntry
    fields = readonly_fields = ("created_at", "kind", "what")

    @admin.display(description=_("detail"))
    def what(self, entry: HistoryEntry) -> str:
        return entry.shown_detail


class MailInline(RowsInline):
    model = Mail
    fields = readonly_fields = ("kind", "sent_at", "error")


class RefundInline(RowsInline):
    model = Refund
    fields = readonly_fields = ("created_at", "id", "total", "status", "failure_reason")

    @admin.display(description=_("amount"))
    def total(self, refund: Refund) -> str:
        return refund.total


class EventInline(RowsInline):
    model = WebhookEvent
    fields = readonly_fields = ("received_at", "event", "processed_at", "error")

    @admin.display(description=_("webhook event"))
    def event(self, event: WebhookEvent) -> str:
        address = reverse("admin:bbs_webhookevent_change", args=[event.pk])
        return format_html('<a href="{}">{}</a>', address, event)


@admin.register(Payment)
class PaymentAdmin(ReadOnly, OwnFlow, Refunding, admin.ModelAdmin):
    list_display = [
        "created_at",
        "product_name",
        "amount_shown",
        "refunded_shown",
        "status_shown",
        "flow",
        "mismatch",
        "reference",
    ]
    list_filter = ["mismatched", "status", "refunds__status", "flow", "currency", "created_at"]
    search_fields = [
        *("reference", "product_name", "product__name_ja", "product__name_en", "=card_last4", "=email"),
        *("=checkout_session_id", "=payment_intent_id", "=charge_id", "=token"),
    ]
    search_help_text = _(
        "Searches for a part of the order number or of the product's name, the last four digits of the card, and a "
        "whole e-mail address or id of Stripe's (cs_…, pi_…, ch_…, tok_…). Several words must all be found."
    )
    ordering = ["-mismatched", "-created_at"]
    fields = readonly_fields = (
        *("flow", "status_shown", "failure", "mismatch"),
        *("product_name", "quantity", "price_shown", "amount_shown", "refunded_shown"),
        *("payment_method", "card_brand", "card_last4", "email"),
        *("created_at", "paid_at"),
        *("checkout_session_id", "payment_intent_id", "charge_id", "token", "attempt"),
        *("product", "visitor", "language", "origin"),
    )
    inlines = [HistoryInline, RefundInline, EventInline, MailInline]
    actions = ["ask_stripe", "set_aside_mismatch"]
    show_full_result_count = False
    view_on_site = False  # a receipt is shown in the browser of its visitor alone

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return super().get_queryset(request).prefetch_related("refunds")

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, payment: Payment) -> str:
        return payment.status_text

    @admin.display(description=_("mismatch"), ordering="mismatched")
    def mismatch(self, payment: Payment) -> str:
        return str(_("Stripe's data and ours differ; staff should review it")) if payment.mismatched else "–"

    @admin.display(description=_("unit amount"))
    def price_shown(self, payment: Payment) -> str:
        return format_money(payment.unit_amount, payment.currency)

    @admin.display(description=_("amount"), ordering="amount")
    def amount_shown(self, payment: Payment) -> str:
        return payment.total

    @admin.display(description=_("amount refunded"), ordering="amount_refunded")
    def refunded_shown(self, payment: Payment) -> str:
        return payment.refunded_total if payment.amount_refunded else "–"

    @admin.action(description=_("Fetch the status of the selected payments from Stripe"), permissions=["action"])
    def ask_stripe(self, request: HttpRequest, queryset: QuerySet[Payment]) -> None:
        for payment in queryset:
            with tolerated(payment, partial(self.message_user, request, level=messages.WARNING)):
                payments.confirm(payment)
                self.message_user(request, f"{payment}: {payment.status_text}")

    @admin.action(description=_("Mark the mismatches of the selected payments as reviewed"), permissions=["action"])
    def set_aside_mismatch(self, request: HttpRequest, queryset: QuerySet[Payment]) -> None:
        queryset.update(mismatched=False)


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "type", "payment_link", "received_at", "processed_at", "error"]
    list_filter = [
        ("processed_at", admin.EmptyFieldListFilter),
        ("error", admin.EmptyFieldListFilter),
        *("type", "received_at"),
    ]
    search_fields = ["=id", "payment__reference"]
    search_help_text = _("Searches for an event's whole id (evt_…), and for a part of its payment's order number.")
    actions = ["process_again"]
    show_full_result_count = False

    @admin.display(description=_("payment"))
    def payment_link(self, event: WebhookEvent) -> str:
        if event.payment_id is None:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:bbs_payment_change", args=[event.payment_id]), event.payment_id
        )

    @admin.action(description=_("Process the selected events again"), permissions=["action"])
    def process_again(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> None:
        report = partial(self.message_user, request, level=messages.WARNING)
        done = sum(reconciliation.process_event(event, report) for event in queryset.order_by("received_at"))
        self.message_user(
            request, _("%(done)d of %(all)d events were processed.") % {"done": done, "all": len(queryset)}
        )
