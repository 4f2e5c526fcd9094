"""Django's admin for the people who run the board."""

from __future__ import annotations

from datetime import datetime

import stripe
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bbs import payments
from bbs.models import HistoryEntry, Mail, Payment, Product, Topic, WebhookEvent
from bbs.money import format_money
from bbs.payments import reconciliation
from bbs.problems import log_stripe_error


class ReadOnly:
    """Rows that only payments and Stripe write: editing them by hand would falsify the books."""

    def has_add_permission(self, *args: object) -> bool:
        return False

    def has_change_permission(self, *args: object) -> bool:
        return False

    def has_delete_permission(self, *args: object) -> bool:
        return False

    def has_action_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may start what changes a row by Stripe's answer: whoever may change it in general."""
        return request.user.has_perm(f"{self.opts.app_label}.{get_permission_codename('change', self.opts)}")


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["__str__", "created_at", "hidden"]
    list_filter = ["hidden", "created_at"]
    search_fields = ["comment"]
    readonly_fields = ["payment", "author", "created_at"]
    actions = ["hide", "restore"]

    @admin.action(description=_("Hide the selected topics"), permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Topic]) -> None:
        queryset.update(hidden=True)

    @admin.action(description=_("Show the selected topics again"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Topic]) -> None:
        queryset.update(hidden=False)


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "price", "active", "position"]
    list_editable = ["active", "position"]
    prepopulated_fields = {"slug": ["name_en"]}


def _to_the_second(moment: datetime) -> str:
    """Write a time as it is needed where several things happen within a minute."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


class HistoryInline(ReadOnly, admin.TabularInline):
    model = HistoryEntry
    fields = readonly_fields = ["at", "kind", "what"]

    @admin.display(description=_("created at"))
    def at(self, entry: HistoryEntry) -> str:
        return _to_the_second(entry.created_at)

    @admin.display(description=_("detail"))
    def what(self, entry: HistoryEntry) -> str:
        return entry.shown_detail


class MailInline(ReadOnly, admin.TabularInline):
    model = Mail
    fields = readonly_fields = ["kind", "sent_at", "error"]


class EventInline(ReadOnly, admin.TabularInline):
    model = WebhookEvent
    fields = readonly_fields = ["at", "type", "processed_at", "error"]
    show_change_link = True

    @admin.display(description=_("received at"))
    def at(self, event: WebhookEvent) -> str:
        return _to_the_second(event.received_at)


class RefundForm(forms.Form):
    """How much to give back, and which of Stripe's reasons applies."""

    amount = forms.IntegerField(label=_("Amount"), min_value=1, help_text=_("in the currency's smallest unit"))
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            ("requested_by_customer", _("requested by the customer")),
            ("duplicate", _("duplicate")),
            ("fraudulent", _("fraudulent")),
        ],
    )
    confirmed = forms.BooleanField(label=_("Yes, give this money back. It cannot be undone."), label_suffix="")
    # What was given back when the form was shown: the same form sent twice is one refund.
    refunded = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: dict[str, str] | None, payment: Payment) -> None:
        super().__init__(data, initial={"amount": payment.amount_left, "refunded": payment.amount_refunded})
        self.payment = payment
        self.fields["amount"].validators.append(MaxValueValidator(payment.amount_left))

    @property
    def reason_text(self) -> str:
        """The chosen reason in words."""
        return str(dict(self.fields["reason"].choices)[self.cleaned_data["reason"]])

    def clean(self) -> None:
        if self.cleaned_data.get("refunded") != self.payment.amount_refunded:
            raise forms.ValidationError(_("Money was given back since this form was shown. Look at the payment first."))


@admin.register(Payment)
class PaymentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "created_at",
        "product_name",
        "amount_shown",
        "refunded_shown",
        "status",
        "flow",
        "mismatch",
        "reference",
    ]
    list_filter = ["mismatched", "status", "flow", "currency", "created_at"]
    search_fields = ["=reference", "=checkout_session_id", "=payment_intent_id", "=charge_id", "=token", "=email"]
    ordering = ["-mismatched", "-created_at"]
    fields = readonly_fields = [
        *("flow", "status", "failure", "mismatch"),
        *("product_name", "quantity", "price_shown", "amount_shown", "refunded_shown"),
        *("card_brand", "card_last4", "email", "created_at", "paid_at"),
        *("checkout_session_id", "payment_intent_id", "charge_id", "token", "attempt"),
        *("product", "visitor", "language", "origin"),
    ]
    inlines = [HistoryInline, EventInline, MailInline]
    actions = ["ask_stripe", "set_aside_mismatch"]
    show_full_result_count = False
    view_on_site = False  # a receipt is shown in the browser of its visitor alone

    @admin.display(description=_("mismatch"), ordering="mismatched")
    def mismatch(self, payment: Payment) -> str:
        return _("Stripe and our row disagreed, and staff should look at it") if payment.mismatched else "–"

    @admin.display(description=_("unit amount"))
    def price_shown(self, payment: Payment) -> str:
        return format_money(payment.unit_amount, payment.currency)

    @admin.display(description=_("amount"), ordering="amount")
    def amount_shown(self, payment: Payment) -> str:
        return payment.total

    @admin.display(description=_("amount refunded"), ordering="amount_refunded")
    def refunded_shown(self, payment: Payment) -> str:
        return payment.refunded_total if payment.amount_refunded else "–"

    @admin.action(description=_("Ask Stripe what became of the selected payments"), permissions=["action"])
    def ask_stripe(self, request: HttpRequest, queryset: QuerySet[Payment]) -> None:
        for payment in queryset:
            try:
                payments.confirm(payment)
            except stripe.StripeError as error:
                log_stripe_error(error, payment.pk)
                self.message_user(request, f"{payment}: {type(error).__name__}", messages.WARNING)
            else:
                self.message_user(request, f"{payment}: {payment.get_status_display()}")

    @admin.action(
        description=_("Set the mismatches of the selected payments aside as looked at"), permissions=["action"]
    )
    def set_aside_mismatch(self, request: HttpRequest, queryset: QuerySet[Payment]) -> None:
        queryset.update(mismatched=False)

    def get_urls(self) -> list[URLPattern]:
        refund = path("<uuid:reference>/refund/", self.admin_site.admin_view(self.refund), name="bbs_payment_refund")
        return [refund, *super().get_urls()]

    def refund(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Ask for an amount, a reason and a yes, then give the money back."""
        if not request.user.has_perm("bbs.refund_payment"):
            raise PermissionDenied
        payment = get_object_or_404(Payment, pk=reference)
        form = RefundForm(request.POST or None, payment)
        if form.is_valid():
            try:
                payments.refund(payment, form.cleaned_data["amount"], form.cleaned_data["reason"])
            except ValueError as error:
                form.add_error("amount", str(error))
            except stripe.StripeError as error:
                log_stripe_error(error, payment.pk)
                form.add_error(None, error.user_message or type(error).__name__)
            else:
                given = format_money(form.cleaned_data["amount"], payment.currency)
                said = _("%(amount)s given back. Reason: %(reason)s") % {"amount": given, "reason": form.reason_text}
                self.log_change(request, payment, said)
                self.message_user(request, said)
                return redirect("admin:bbs_payment_change", payment.pk)
        context = self.admin_site.each_context(request) | {
            "payment": payment,
            "form": form,
            "title": _("Give money back"),
        }
        return render(request, "admin/bbs/payment/refund.html", context)


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "type", "payment_link", "received_at", "processed_at", "error"]
    list_filter = [("processed_at", admin.EmptyFieldListFilter), "type", "received_at"]
    search_fields = ["=id", "=payment__reference"]
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
        done = sum(reconciliation.process_event(event) for event in queryset.order_by("received_at"))
        self.message_user(
            request, _("%(done)d of %(all)d events were processed.") % {"done": done, "all": len(queryset)}
        )
