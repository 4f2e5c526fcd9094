"""Django's admin for the people who run the board."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any, cast

import stripe
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout, Submit
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bbs import payments
from bbs.fields import MoneyField
from bbs.models import Flow, HistoryEntry, Mail, Payment, Product, Refund, Topic, WebhookEvent
from bbs.models.shop import MAX_UNIT_AMOUNT
from bbs.money import format_money
from bbs.payments import reconciliation, rollout
from bbs.payments.errors import log_error, tolerated


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
        if "currency" in self.fields:  # who may only look has no fields
            cast(MoneyField, self.fields["unit_amount"]).currency = str(self["currency"].value() or "")


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


class RefundForm(forms.Form):
    """The amount to refund, and which of Stripe's reasons applies."""

    amount = MoneyField(label=_("Amount"))
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            ("requested_by_customer", _("requested by the customer")),
            ("duplicate", _("duplicate")),
            ("fraudulent", _("fraudulent")),
        ],
    )
    confirmed = forms.BooleanField(label=_("Yes, refund this amount. It cannot be undone."))
    refunded = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: dict[str, str] | None, payment: Payment) -> None:
        super().__init__(data, initial={"amount": payment.amount_left, "refunded": payment.amount_refunded})
        amount = cast(MoneyField, self.fields["amount"])
        amount.currency, amount.max_value = payment.currency, payment.amount_left
        amount.help_text = _("Up to %(left)s can be refunded.") % {"left": payment.left_total}
        # What was refunded when the form was shown: the same form sent twice is one refund.
        self.is_stale = self.is_bound and self.data.get("refunded") != str(payment.amount_refunded)

    @property
    def helper(self) -> FormHelper:
        """The form as the admin lays out its own; its last link leads back to the payment."""
        helper = FormHelper()
        helper.attrs = {"novalidate": ""}
        helper.field_template = "admin/bbs/payment/_field.html"
        helper.form_show_errors = False  # the page shows them, as the admin does
        cancel = HTML('{% include "admin/bbs/payment/_cancel.html" %}')
        helper.layout = Layout(
            Fieldset("", "amount", "reason", "confirmed", "refunded", css_class="module aligned"),
            Div(Submit("", _("Refund"), css_class="default"), cancel, css_class="submit-row"),
        )
        return helper

    @property
    def reason_text(self) -> str:
        """The chosen reason as text."""
        choices: Any = cast(forms.ChoiceField, self.fields["reason"]).choices
        return str(dict(choices)[self.cleaned_data["reason"]])


@admin.register(Payment)
class PaymentAdmin(ReadOnly, admin.ModelAdmin):
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

    def get_urls(self) -> list[URLPattern]:
        refund = path("<uuid:reference>/refund/", self.admin_site.admin_view(self.refund), name="bbs_payment_refund")
        flow = path("flow/", self.admin_site.admin_view(self.choose_flow), name="bbs_payment_flow")
        return [refund, flow, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        flows = {"flows": Flow.values, "flow_chosen": rollout.chosen_by_staff(request)}
        return super().changelist_view(request, flows | (extra_context or {}))

    def choose_flow(self, request: HttpRequest) -> HttpResponse:
        """Let staff take the flow of their choice in their own browser, whatever visitors get."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        response = redirect("admin:bbs_payment_changelist")
        if request.method == "POST":
            rollout.choose_for_staff(response, request.POST.get("flow", ""))
        return response

    def refund(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show a form for amount, reason and confirmation, then refund."""
        if not request.user.has_perm("bbs.refund_payment"):
            raise PermissionDenied
        payment = get_object_or_404(Payment, pk=reference)
        form = RefundForm(request.POST if request.method == "POST" else None, payment)
        back = redirect("admin:bbs_payment_change", payment.pk)
        if form.is_stale:
            said = _("A refund was made after this form was shown. Check the payment before you refund more.")
            self.message_user(request, said, messages.WARNING)
            return back
        if not payment.amount_left:
            self.message_user(request, _("Nothing is left to refund."), messages.WARNING)
            return back
        if form.is_valid():
            try:
                refund = payments.refund(payment, form.cleaned_data["amount"], form.cleaned_data["reason"])
            except ValueError as error:
                form.add_error("amount", str(error))
            except stripe.StripeError as error:
                log_error(error, payment.pk)
                if error.http_status == HTTPStatus.CONFLICT:
                    said = _("This form was already sent, and Stripe is processing the refund.")
                    self.message_user(request, said, messages.INFO)
                    return back
                form.add_error(None, error.user_message or type(error).__name__)
            else:
                given = format_money(form.cleaned_data["amount"], payment.currency)
                done = (
                    _("Refund of %(amount)s is under way. Reason: %(reason)s")
                    if refund.status in Refund.OPEN
                    else _("%(amount)s refunded. Reason: %(reason)s")
                )
                record = str(done % {"amount": given, "reason": form.reason_text})
                if self._log_once(request, payment, record, refund.id):
                    self.message_user(request, record, messages.SUCCESS)
                else:
                    said = _("This form was already sent. The amount was refunded once.")
                    self.message_user(request, said, messages.INFO)
                return back
        context = self.admin_site.each_context(request) | {
            "payment": payment,
            "form": form,
            "media": self.media + form.media,
            "opts": self.opts,
            "title": _("Refund"),
        }
        return render(request, "admin/bbs/payment/refund.html", context)

    def _log_once(self, request: HttpRequest, payment: Payment, said: str, refund_id: str) -> bool:
        """Write a log entry for a refund that has none yet; False where it has.

        A form that is sent again before the first answer is the same refund at Stripe, by its idempotency key.
        """
        with transaction.atomic():
            Payment.objects.select_for_update().get(pk=payment.pk)  # the others wait here
            about = {"content_type": ContentType.objects.get_for_model(Payment), "object_id": str(payment.pk)}
            if LogEntry.objects.filter(**about, change_message__contains=refund_id).exists():
                return False
            self.log_change(request, payment, f"{said} ({refund_id})")
            return True


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
