"""JSON for other front ends, in the shape that Stripe's own samples have."""

from __future__ import annotations

import json

import stripe
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_cookie

from bbs import payments
from bbs.limits import LimitReached
from bbs.models import Payment, Product
from bbs.payments.context import set_payment
from bbs.payments.errors import log_error
from bbs.payments.order import Order, OrderRefused
from bbs.payments.references import stripe_id_in
from bbs.problems import (
    json_problem,
    limit_problem,
    order_problem,
    stripe_news,
    stripe_problem,
    stripe_status,
    stripe_text,
    wants_json,
)
from bbs.visitor import visitor_id


@vary_on_cookie
@require_GET
def config(request: HttpRequest) -> JsonResponse:
    """Return what a front end needs: the publishable key, the flow, and the first product's price."""
    product = Product.objects.filter(active=True).first()
    return JsonResponse(
        {
            "publicKey": settings.STRIPE_PUBLISHABLE_KEY,
            "flow": payments.flow_for(request),
            "unitAmount": product and product.unit_amount,
            "currency": product and product.currency,
        }
    )


@require_POST
def create_checkout_session(request: HttpRequest) -> HttpResponse:
    """Make a Checkout Session: 303 to Stripe for a form, JSON for a script that accepts nothing else.

    Takes the board's signed `order`, or `product` (default: the first) and `quantity` (default: 1).
    """
    try:
        order = _order(request)
        response = payments.checkout(request, order)
    except OrderRefused as refused:
        return order_problem(request, refused)
    except LimitReached as reached:
        return limit_problem(request, reached, order)
    except stripe.StripeError as error:
        if not wants_json(request):
            return stripe_problem(request, error, order)
        log_error(error, order.reference)
        return json_problem(stripe_status(error), stripe_text(error, order))
    if not wants_json(request):
        return response
    payment = Payment.objects.get(pk=order.reference)
    return JsonResponse({"sessionId": payment.checkout_session_id, "url": response["Location"]})


@never_cache
@require_GET
def checkout_session(request: HttpRequest) -> JsonResponse:
    """Show a Checkout Session, as Stripe has it now, to the browser that owns it and to no other."""
    owned = Payment.objects.filter(visitor=visitor_id(request))  # type: ignore[misc]  # None finds none
    payment = owned.filter(checkout_session_id=stripe_id_in(request, "sessionId")).first()
    if payment is None:
        return json_problem(404, _("This browser has no such Checkout Session."))
    set_payment(payment.pk)
    try:
        session = payments.confirm(payment)
    except stripe.StripeError as error:
        log_error(error, payment.pk)
        return json_problem(stripe_status(error), stripe_news(error))
    if session is None:
        return json_problem(404, _("Stripe no longer has this Checkout Session."))
    shown = (
        "id",
        "object",
        "status",
        "payment_status",
        "amount_total",
        "currency",
        "client_reference_id",
        "livemode",
    )
    return JsonResponse({name: session[name] for name in shown})


def _order(request: HttpRequest) -> Order:
    fields = _fields(request)
    if "order" in fields:
        order = Order.from_signed(fields["order"])
        if not payments.has_page(order):
            raise OrderRefused(_("This order is to be paid in the other flow. Nothing was charged."))
        return order
    products = list(Product.objects.filter(active=True))
    return Order.choose(products, fields.get("product"), fields.get("quantity"), payments.FLOW_WITH_PAGE)


def _fields(request: HttpRequest) -> dict[str, str]:
    """Return what was sent, as a form or as a JSON object. Raises OrderRefused for JSON that is none."""
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        fields = json.loads(request.body)
        json.dumps(fields, ensure_ascii=False).encode()  # refuses half of a surrogate pair, which is no character
    except (ValueError, RecursionError):  # the latter for what is nested a thousand deep
        fields = None
    if not isinstance(fields, dict):
        raise OrderRefused(_("The order is not a JSON object. Nothing was ordered."))
    return {name: str(value) for name, value in fields.items()}
