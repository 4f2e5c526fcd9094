"""The board's pages."""

from __future__ import annotations

import uuid
from dataclasses import replace

import stripe
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bbs import payments
from bbs.forms import OrderForm, TopicForm
from bbs.limits import LimitReached
from bbs.models import HistoryEntry, Page, Payment
from bbs.page_cache import render_shared
from bbs.payments import flow_of, history, rollout
from bbs.payments.context import set_payment
from bbs.payments.errors import log_error
from bbs.payments.order import Order, OrderRefused
from bbs.payments.references import stripe_id_in
from bbs.problems import limit_problem, log_refusal, order_problem, problem, stripe_news, stripe_problem
from bbs.receipt_links import is_signed
from bbs.visitor import MAX_AGE, ensure_visitor_id, visitor_id

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the board, or post a comment to it."""
    if request.method != "POST":
        return _board(request)
    form = TopicForm(request.POST)
    if not form.is_valid():
        response = _board(request, form, status=400)
        errors = [f"{name}: {error.code}" for name, found in form.errors.as_data().items() for error in found]
        log_refusal(request, response, ", ".join(errors))
        return response
    try:
        form.save_once(request)
    except LimitReached as reached:
        return limit_problem(request, reached)
    return redirect("bbs:index")


def _board(request: HttpRequest, form: TopicForm | None = None, status: int = 200) -> HttpResponse:
    """Show a page of the board; with the form that was refused, if there is one."""
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        return problem(request, 400, _("There is no such page"), _("The board has no page at this address."))
    page = Page.read(PAGE_SIZE, int(before) if before else None)
    try:
        order = _chosen_order(request, page)
    except OrderRefused as refused:
        return order_problem(request, refused)
    if order:
        # Known from here on, so that the first click of all can be a double one.
        ensure_visitor_id(request)
    kept = form if form and "form_id" not in form.errors else None
    # The reference of this page's order also identifies its comment form: neither is on any other page.
    form_id = kept["form_id"].value() if kept else order.reference if order else uuid.uuid4()
    own = {"form_id": form_id, "signed_order": order.signed if order else ""}

    def context() -> dict[str, object]:
        return {
            "form": form or TopicForm(),
            "page": page,
            # Under another reference: this visitor's own is only in the signed order.
            "order": order and replace(order, reference=uuid.uuid4()),
            "order_form": OrderForm(page.products, order) if order else None,
            "button": flow_of(order).button(order) if order else None,
            "button_template": f"payments/{order.flow}/button.html" if order else None,
        }

    if form:
        return render(request, "bbs/index.html", context() | own, status=status)
    terms = order and (order.product.slug, order.quantity, order.flow)
    return render_shared(request, "bbs/index.html", (page.rows, page.is_first, terms), context, own)


def _chosen_order(request: HttpRequest, page: Page) -> Order | None:
    slug, quantity = request.GET.get("product"), request.GET.get("quantity")
    chosen = page.product(slug)
    products = [chosen] if chosen else page.products
    return Order.choose(products, slug, quantity, payments.flow_for(request)) if products else None


@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """Answer the pay button, in the flow in which its form was made. GET is the Japanese article's return address."""
    if request.method != "POST":
        return success(request)
    try:
        order = Order.from_signed(request.POST.get("order", ""))
        return payments.checkout(request, order)
    except OrderRefused as refused:
        return order_problem(request, refused)
    except LimitReached as reached:
        return limit_problem(request, reached, order)
    except stripe.StripeError as error:
        return stripe_problem(request, error, order)


@never_cache
@require_safe
def success(request: HttpRequest) -> HttpResponse:
    """Take the visitor back from Stripe's page. Coming here proves nothing, so the session is retrieved from Stripe."""
    payment = Payment.objects.filter(checkout_session_id=stripe_id_in(request, "session_id")).first()
    if payment is None:
        messages.warning(request, _("There is no payment at this address. Nothing was changed."))
        return redirect("bbs:index")
    set_payment(payment.pk)
    is_own = payment.visitor == visitor_id(request)
    if is_own:
        history.note_once(payment, HistoryEntry.Kind.RETURNED)
    try:
        if not payment.charge_id:  # the webhook may have arrived already
            payments.confirm_for_visitor(payment)
    except stripe.StripeError as error:
        # The receipt shows what is recorded, and the webhook brings the rest.
        log_error(error, payment.pk)
    if is_own:
        return redirect(payment)
    return _in_another_browser(request, payment)


@never_cache
@require_safe
def canceled(request: HttpRequest) -> HttpResponse:
    """Show that nothing was charged, once Stripe confirms it, and keep the order ready to be paid after all."""
    try:
        payment = Payment.objects.filter(pk=uuid.UUID(request.GET.get("payment", ""))).first()
    except ValueError:
        payment = None
    if payment is None:
        return render(request, "bbs/canceled.html")
    set_payment(payment.pk)
    is_own = payment.visitor == visitor_id(request)
    try:
        if not payment.charge_id:
            payments.confirm_for_visitor(payment)
    except stripe.StripeError as error:
        log_error(error, payment.pk)
        if is_own:
            return redirect(payment)  # which shows only what is recorded
    if not is_own:
        return _in_another_browser(request, payment)
    if payment.status != Payment.Status.PENDING or not payments.has_page(payment):
        return redirect(payment)
    return render(request, "bbs/canceled.html", {"payment": payment, "order": Order.of(payment)})


def _in_another_browser(request: HttpRequest, payment: Payment) -> HttpResponse:
    """Show whether the payment arrived, not whose it is: the session was handed from one browser to another."""
    return _unlisted(render(request, "bbs/another_browser.html", {"payment": payment}))


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Keep a page out of search engines, even if its address is published."""
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_safe
def signed_receipt(request: HttpRequest, reference: uuid.UUID, signature: str) -> HttpResponse:
    """Show a receipt at its signed address, from the customer's mail; nothing can be done on it.

    The request is not said to be about the payment: its address is a key to it, and must not be recorded.
    """
    if not is_signed(reference, signature):
        raise Http404
    paid = Payment.objects.filter(paid_at__isnull=False).prefetch_related("refunds")
    payment = get_object_or_404(paid, pk=reference)
    return _unlisted(render(request, "bbs/signed_receipt.html", {"payment": payment}))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Show a visitor their own payment in its true state; POST asks Stripe for news of it first."""
    own = _own_payments(request).select_related("product", "voucher").prefetch_related("refunds")
    payment = get_object_or_404(own, pk=reference)
    set_payment(payment.pk)
    if request.method == "POST":
        try:
            payments.confirm_for_visitor(payment)
        except stripe.StripeError as error:
            log_error(error, payment.pk)
            messages.warning(request, stripe_news(error))
        return redirect(payment)
    # A visitor who closed Stripe's page can return to it here.
    can_go_on = payment.status == Payment.Status.PENDING and payments.has_page(payment)
    context = {
        "payment": payment,
        "history": list(payment.history.all()),
        "order": Order.of(payment) if can_go_on else None,
    }
    return render(request, "bbs/receipt.html", context)


def _own_payments(request: HttpRequest) -> QuerySet[Payment]:
    return Payment.objects.filter(visitor=visitor_id(request))  # type: ignore[misc]  # None finds none


@require_POST
def switch_flow(request: HttpRequest) -> HttpResponse:
    """Let a visitor choose the flow for themselves, where the settings allow it."""
    flow = request.POST.get("flow", "")
    if not payments.can_switch_to(flow):
        return problem(request, 400, _("The flow was not changed"), _("There is no such flow to switch to here."))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("bbs:index")
    response = HttpResponseRedirect(back)
    # A cookie of its own: a session would be a row in the database for everyone who switches.
    response.set_cookie(
        payments.FLOW_COOKIE,
        flow,
        max_age=MAX_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    rollout.choose_for_staff(response, "")  # what was chosen last counts
    return response
