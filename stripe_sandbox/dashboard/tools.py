"""Endpoints, faults, test cards, limits, and a fresh start."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stripe_sandbox import accounts, conf, store
from stripe_sandbox.api import faults, schema
from stripe_sandbox.api import limits as api_limits
from stripe_sandbox.cards import catalogue
from stripe_sandbox.cards import limits as card_limits
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import StripeObject
from stripe_sandbox.resources import addresses, card_tokens
from stripe_sandbox.webhooks import endpoints
from stripe_sandbox.webhooks.events import changing

from . import board, control


@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    """List the endpoints, with the secrets that sign for them, as far as they may be shown."""
    with transaction.atomic(using=conf.DATABASE):
        endpoints.configured()
    found = StripeObject.objects.filter(kind=endpoints.KIND, deleted=False).order_by("seq")
    rows = [
        {
            "endpoint": endpoint.body,
            "secrets": endpoints.shown_secrets(endpoint),
            "configured": endpoint.sid == endpoints.CONFIGURED,
        }
        for endpoint in found
    ]
    account = accounts.current()
    context = {
        "rows": rows,
        "is_default": account.pk == accounts.DEFAULT,
        "secret": endpoints.own_secret(),
        "url": account.webhook_url or "",
        "problem": "problem" in request.GET,
    }
    return board.show(request, "webhooks.html", context)


@require_POST
def webhook_url(request: HttpRequest) -> HttpResponse:
    """Post the account's events to another address, or nowhere."""
    back = reverse("stripe_sandbox:webhooks")
    try:
        control.webhook("", **schema.clean(control.WEBHOOK, {"url": request.POST.get("url", "").strip()}))
    except ApiError:
        back += "?problem=refused"
    return HttpResponseRedirect(back)


@require_POST
def webhook(request: HttpRequest, sid: str) -> HttpResponse:
    """Enable or disable an endpoint, or roll its secret."""
    endpoint = StripeObject.objects.filter(kind=endpoints.KIND, sid=sid, deleted=False).first()
    if endpoint is None:
        raise Http404
    action = request.POST.get("action")
    with transaction.atomic(using=conf.DATABASE):
        if action == "roll" and sid != endpoints.CONFIGURED:
            endpoints.roll(endpoint, f"whsec_{secrets.token_hex(32)}")
        elif action in ("enable", "disable"):
            with changing(endpoint) as body:
                body["status"] = f"{action}d"
    return HttpResponseRedirect(reverse("stripe_sandbox:webhooks"))


@require_http_methods(["GET", "HEAD", "POST"])
def misfortunes(request: HttpRequest) -> HttpResponse:
    """Show what is ordered to go wrong, and order more."""
    if request.method == "POST":
        effect, times = request.POST.get("effect", ""), request.POST.get("times", "1")
        if effect == "none":
            faults.cancel()
        elif effect in faults.CALLS + faults.DELIVERIES and times.isdecimal() and len(times) < 4 and int(times):
            faults.order(effect, int(times))
        return HttpResponseRedirect(reverse("stripe_sandbox:faults"))
    context = {
        "ordered": faults.ordered(),
        "calls": faults.CALLS,
        "deliveries": faults.DELIVERIES,
        "header": faults.HEADER,
    }
    return board.show(request, "faults.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: HttpRequest) -> HttpResponse:
    """List the test cards by what they are for, and those that are not supported; choose if tokens are taken."""
    if request.method == "POST":
        if request.POST.get("card_tokens") in conf.CARD_TOKENS:
            card_tokens.choose(request.POST["card_tokens"])
        return HttpResponseRedirect(reverse("stripe_sandbox:cards"))
    context = {
        "groups": catalogue.GROUPS,
        "limits": card_limits.LIMITS,
        "modes": conf.CARD_TOKENS,
        "mode": card_tokens.mode(),
    }
    return board.show(request, "cards.html", context)


@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """Show which part of Stripe is supported, with the parameters of each address that are not, and who may use it."""
    rows = [
        {
            "method": route.method,
            "path": route.address,
            "refused": api_limits.parameters(route),
        }
        for route in addresses.ROUTES
    ]
    context = {"rows": rows, "allowed": conf.get("WEBHOOK_ALLOW"), "newest": conf.API_VERSION}
    return board.show(request, "limits.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def clear(request: HttpRequest) -> HttpResponse:
    """Throw everything away, after asking."""
    if request.method == "POST":
        store.clear()
        return HttpResponseRedirect(reverse("stripe_sandbox:dashboard"))
    return board.show(request, "clear.html", {})
