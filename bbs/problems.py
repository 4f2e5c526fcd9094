"""Pages for errors: each shows what happened, whether money moved, and what to do next."""

from __future__ import annotations

import logging

import stripe
from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.log import log_response
from django.utils.translation import gettext_lazy as _

from bbs.limits import LimitReached
from bbs.models import Payment
from bbs.payments.client import NotUnderstood
from bbs.payments.errors import log_error
from bbs.payments.order import Order, OrderRefused

# A text, or one that is translated when it is shown.
Text = str | Promise

RETRY_AFTER = 30  # seconds

# What Stripe answered, by stripe-python's class for it: https://docs.stripe.com/error-handling
TITLES: list[tuple[type | tuple[type, ...], Text]] = [
    (stripe.RateLimitError, _("Stripe received too many requests from us")),
    ((stripe.AuthenticationError, stripe.PermissionError), _("Stripe denied our access")),
    (stripe.CardError, _("Stripe declined the payment")),
    ((stripe.InvalidRequestError, stripe.IdempotencyError), _("Stripe does not accept our request")),
    (NotUnderstood, _("Stripe's response could not be read")),
]
IN_USE = _("Stripe is still working on an earlier request")
FAILED = _("Stripe reported an internal error")

logger = logging.getLogger(__name__)


def problem(
    request: HttpRequest, status: int, title: Text, text: Text, *, reason: object = "", **context: object
) -> HttpResponse:
    """Refuse a request with a page that explains why, and log the reason: the title, unless another is given."""
    response = _page(request, status, title, text, **context)
    log_refusal(request, response, reason or title)
    return response


def log_refusal(request: HttpRequest, response: HttpResponse, reason: object) -> None:
    """Log why a request was refused, in English where its text is lazy: Django's own line would not."""
    with translation.override(None):
        said = str(reason)
    where = (response.reason_phrase, said, request.path)
    log_response("%s (%s): %s", *where, response=response, request=request, logger=logger, level="info")


def _page(request: HttpRequest, status: int, title: Text, text: Text, **context: object) -> HttpResponse:
    return render(request, "problem.html", {"title": title, "text": text, **context}, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Return whether the client is a script that reads no pages."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def json_problem(status: int, text: Text) -> JsonResponse:
    """Answer a problem in the shape that Stripe's samples have."""
    return JsonResponse({"error": {"message": text}}, status=status)


def _refusal(request: HttpRequest, status: int, title: Text, text: Text) -> HttpResponse:
    return json_problem(status, text) if wants_json(request) else _page(request, status, title, text)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django itself refused and logged: too large, malformed, for a host that is not ours."""
    if isinstance(exception, DisallowedHost):
        logger.warning("If that host is a name of this site, add it to DJANGO_ALLOWED_HOSTS.")
    is_too_large = isinstance(exception, RequestDataTooBig)
    text = (
        _("The request was too large. Nothing was changed.")
        if is_too_large
        else _("The request could not be understood. Nothing was changed.")
    )
    return _refusal(request, 413 if is_too_large else 400, _("That did not work"), text)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, _("Not allowed"), _("You may not do this. Nothing was changed."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a good CSRF token, of which Django logs the reason: most often an old page."""
    if "checking failed" in reason:  # of the Origin or the Referer header
        logger.warning(
            "If the form was this site's own, its address is not what Django sees: let the proxy pass Host and "
            "X-Forwarded-Proto on (DJANGO_TRUSTED_PROXIES), or add the address to DJANGO_CSRF_TRUSTED_ORIGINS."
        )
    text = _("This form is too old, or your browser sent no cookie. Nothing was changed; load the page and try again.")
    return _refusal(request, 403, _("Please load the page again"), text)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = _("This page does not exist, or it can only be opened in the browser that paid.")
    return _page(request, 404, _("Page not found"), text)


def order_problem(request: HttpRequest, refused: OrderRefused) -> HttpResponse:
    """Explain why an order was refused, and link to the same product on today's terms."""
    if not wants_json(request):
        title = _("This cannot be ordered")
        return problem(request, 400, title, str(refused), reason=refused, again=refused.again)
    response = json_problem(400, str(refused))
    log_refusal(request, response, refused)
    return response


def limit_problem(request: HttpRequest, reached: LimitReached, order: Order | None = None) -> HttpResponse:
    """Show which limit was reached and when to try again; an order can then be sent again as it is."""
    response: HttpResponse
    if wants_json(request):
        response = json_problem(429, str(reached))
    elif order and reached.wait:
        retry = {"order": order, "retry_fields": _retry_fields(request)}
        response = _page(request, 429, reached.title, str(reached), **retry)
    else:
        response = _page(request, 429, reached.title, str(reached), again=order.again if order else "")
    if reached.wait:
        response["Retry-After"] = str(reached.wait)
    is_forwarded = "X-Forwarded-For" in request.headers and not settings.TRUSTED_PROXIES
    hint = "; if a proxy of yours sends X-Forwarded-For, set DJANGO_TRUSTED_PROXIES" if is_forwarded else ""
    log_refusal(request, response, f"{reached.limit}{hint}")
    return response


def stripe_problem(request: HttpRequest, error: stripe.StripeError, order: Order) -> HttpResponse:
    """Show that Stripe did not respond as expected, with a button that tries the very same payment again."""
    log_error(error, order.reference)
    is_final = isinstance(error, stripe.InvalidRequestError)
    retry = {} if is_final else {"order": order, "retry_fields": _retry_fields(request)}
    response = _page(request, stripe_status(error), stripe_title(error), stripe_text(error, order), **retry)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _retry_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the card's token, which makes it the same attempt: it cannot be charged twice."""
    return [(name, request.POST[name]) for name in ("stripeToken", "stripeEmail") if name in request.POST]


def stripe_status(error: stripe.StripeError) -> int:
    """Return 503 where waiting helps (no connection, too many requests), and 502 for a wrong answer."""
    return 503 if _is_away(error) or isinstance(error, stripe.RateLimitError) else 502


def _is_away(error: stripe.StripeError) -> bool:
    return isinstance(error, stripe.APIConnectionError) or error.http_status == 503


def stripe_title(error: stripe.StripeError) -> str:
    """Return a short text for Stripe's response, if any."""
    if _is_away(error):
        return str(_("Stripe cannot be reached"))
    for kinds, title in TITLES:
        if isinstance(error, kinds):
            return str(title)
    return str(IN_USE if error.http_status == 409 else FAILED)


def stripe_news(error: stripe.StripeError) -> str:
    """Explain why a payment's status cannot be fetched at the moment."""
    if _is_away(error):
        return str(_("Stripe cannot be reached at the moment. Please try again shortly."))
    text = _("The status of this payment could not be fetched from Stripe (%(why)s). Please try again later.")
    return str(text % {"why": stripe_title(error)})


def stripe_text(error: stripe.StripeError, order: Order) -> Text:
    """Return whether money may have moved, as a text: it may once a token was tried, or Stripe's page was shown."""
    begun = Payment.objects.filter(pk=order.reference).exclude(token="", checkout_session_id=None)
    if begun.exists():
        return _(
            "It is not confirmed yet whether you were charged; we are checking. "
            "Trying again is safe: it is the same payment, and it cannot be charged twice."
        )
    if isinstance(error, stripe.InvalidRequestError):
        return _("Stripe does not accept this order. Nothing was charged. This is our mistake; please contact us.")
    return _("Nothing was charged. Your order is saved; please try again in a moment.")
