"""Giving money back from a payment's page: the form, and the view that shows and obeys it."""

from __future__ import annotations

from http import HTTPStatus

import stripe
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout, Submit
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bbs import payments
from bbs.fields import MoneyField
from bbs.models import Payment, Refund
from bbs.money import format_money
from bbs.payments.errors import log_error
from bbs.payments.references import RefundReason

REASONS: dict[RefundReason, str | Promise] = {
    "requested_by_customer": _("requested by the customer"),
    "duplicate": _("duplicate"),
    "fraudulent": _("fraudulent"),
}


class RefundForm(forms.Form):
    """The amount to refund, and which of Stripe's reasons applies."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(REASONS.items()))
    confirmed = forms.BooleanField(label=_("Yes, refund this amount. It cannot be undone."))
    refunded = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: dict[str, str] | None, payment: Payment) -> None:
        super().__init__(data, initial={"amount": payment.amount_left, "refunded": payment.amount_refunded})
        self.fields["amount"] = MoneyField(
            label=_("Amount"),
            currency=payment.currency,
            max_value=payment.amount_left,
            help_text=_("Up to %(left)s can be refunded.") % {"left": payment.left_total},
        )
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
        return str(REASONS[self.cleaned_data["reason"]])


class Refunding(admin.ModelAdmin):
    """The part of a payment's admin that refunds it."""

    def get_urls(self) -> list[URLPattern]:
        refund = path("<uuid:reference>/refund/", self.admin_site.admin_view(self.refund), name="bbs_payment_refund")
        return [refund, *super().get_urls()]

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
