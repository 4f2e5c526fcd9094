"""Pages for what went wrong: each says what happened, whether money moved, and what to do next."""

from __future__ import annotations

import logging

import stripe
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bbs.models import Payment
from bbs.payments.order import Order

RETRY_AFTER = 30  # seconds

logger = logging.getLogger(__name__)


def problem(request: HttpRequest, status: int, title: str, text: str, **context: object) -> HttpResponse:
    """Render a problem as a page of the site."""
    return render(request, "problem.html", {"title": title, "text": text, **context}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django itself refused: too large, malformed, for a host that is not ours."""
    text = _("The request was too large or could not be understood. Nothing was changed.")
    return problem(request, 400, _("That did not work"), text)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, 403, _("Not allowed"), _("You may not do this. Nothing was changed."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a good CSRF token: most often a page that was open for very long."""
    text = _("This form is too old, or your browser sent no cookie. Nothing was changed; load the page and try again.")
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"error": {"message": text}}, status=403)
    return problem(request, 403, _("Please load the page again"), text)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = _("Nothing is at this address, or it belongs to another browser.")
    return problem(request, 404, _("Page not found"), text)


def order_problem(request: HttpRequest, refused: Exception) -> HttpResponse:
    """Say why an order was refused."""
    return problem(request, 400, _("This cannot be ordered"), str(refused))


def stripe_problem(request: HttpRequest, error: stripe.StripeError, order: Order) -> HttpResponse:
    """Say that Stripe did not answer as it should, with a button that tries the very same payment again."""
    log_stripe_error(error, order.reference)
    # The same token makes it the same attempt, which cannot be charged twice.
    fields = [(name, request.POST[name]) for name in ("stripeToken", "stripeEmail") if name in request.POST]
    retry = {} if isinstance(error, stripe.InvalidRequestError) else {"order": order, "retry_fields": fields}
    title, text = _("Stripe cannot be reached"), stripe_text(error, order)
    response = problem(request, stripe_status(error), title, text, **retry)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def stripe_status(error: stripe.StripeError) -> int:
    """Return 503 where waiting helps (no connection, too many requests), and 502 for a wrong answer."""
    return 503 if isinstance(error, stripe.APIConnectionError | stripe.RateLimitError) else 502


def stripe_text(error: stripe.StripeError, order: Order) -> str:
    """Say whether money may have moved: it may once a token was tried, or Stripe's page was shown."""
    begun = Payment.objects.filter(pk=order.reference).exclude(token="", checkout_session_id=None)
    if begun.exists():
        return _(
            "We do not know yet whether you were charged, and are finding out. "
            "Trying again is safe: it is the same payment, and it cannot be charged twice."
        )
    if isinstance(error, stripe.InvalidRequestError):
        return _("Stripe does not take this order as it is. Nothing was charged. Please tell us; it is our mistake.")
    return _("Nothing was charged. Your order is kept; please try again in a moment.")


def log_stripe_error(error: stripe.StripeError, reference: object) -> None:
    """Log what Stripe support would ask for, and nothing that identifies a person."""
    logger.warning(
        "payment=%s stripe error %s http=%s request=%s code=%s",
        reference,
        type(error).__name__,
        error.http_status,
        error.request_id,
        error.code,
    )
