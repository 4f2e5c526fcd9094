"""The hosted Checkout page: a plain form, which works without scripts. Its fields are named as Stripe's are."""

from __future__ import annotations

import threading
import time
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stripe_sandbox import conf, money, store
from stripe_sandbox.api import origin
from stripe_sandbox.cards.card import Decline
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import StripeObject
from stripe_sandbox.resources import sessions
from stripe_sandbox.webhooks import deliveries

from . import countries, hosted_form, owned, rendering
from .rendering import SeeOther

_waits = threading.Lock()


def _page(
    request: HttpRequest, session: StripeObject, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    body = session.body
    language = rendering.language(request, body["locale"])
    lines = [
        line | {"written": money.written(line["amount_total"], line["currency"], language)}
        for line in session.private["lines"]
    ]
    context |= {
        "business": conf.get("BUSINESS_NAME"),
        "lines": lines,
        "session": body,
        "total": money.written(body["amount_total"], body["currency"], language),
        "voucher": "konbini" in body["payment_method_types"],
        "card": "card" in body["payment_method_types"],
        "back": body["cancel_url"],
        "landing": landing(session),
    }
    if form := context.get("form"):
        context["countries"] = countries.options(language, form.where.get("billingCountry", ""))
    csp = rendering.policy(rendering.origin_of(body["success_url"]), rendering.origin_of(body["cancel_url"]))
    return rendering.show(request, template, context, status=status, in_language=language, csp=csp)


def _session(sid: str) -> StripeObject | None:
    try:
        with transaction.atomic(using=conf.DATABASE):
            origin.remember()
            return sessions.get(sid)
    except ApiError:
        return None


def intent_and_session(sid: str) -> tuple[StripeObject | None, StripeObject | None]:
    """Return a payment intent and the session it belongs to."""
    intent = store.find("payment_intent", sid)
    session = store.find(sessions.KIND, intent.private.get("session", "")) if intent else None
    return intent, session


def language(request: HttpRequest, session: StripeObject | None) -> str:
    return rendering.language(request, session.body["locale"] if session else None)


@require_http_methods(["GET", "HEAD", "POST"])
@owned.by_object(sessions.KIND)
def pay(request: HttpRequest, sid: str) -> HttpResponse:
    """Show what is to be paid, and take the payment."""
    session = _session(sid)
    if session is None:
        return rendering.not_found(request)
    if session.body["status"] == "expired":
        return _page(request, session, "expired.html", status=410)
    if request.method == "POST":
        with translation.override(rendering.language(request, session.body["locale"])):
            return _take(request, session)
    if session.body["status"] == "complete":
        return _page(request, session, "complete.html")
    form = hosted_form.HostedForm.empty(session.body)
    return _page(request, session, "pay.html", form=form)


def _take(request: HttpRequest, session: StripeObject) -> HttpResponse:
    form = hosted_form.HostedForm.read(request.POST, session.body)
    if form.errors and session.body["status"] == "open":
        return _page(request, session, "pay.html", status=422, form=form)
    with transaction.atomic(using=conf.DATABASE):
        # Read again under the write lock: of two clicks, the second finds what the first has done.
        session = sessions.get(session.sid)
        with hosted_form.asked_for(request):
            decline = form.pay(session) if session.body["status"] == "open" else None
    if session.body["status"] == "expired":
        return _page(request, session, "expired.html", status=410)
    if decline:
        form.declined(decline)
        return _page(request, session, "pay.html", status=402, form=form)
    if session.body["status"] == "open":
        return SeeOther(reverse("stripe_sandbox:authenticate", args=[session.body["payment_intent"]]))
    return _away(request, session, waited=0)


def refused(request: HttpRequest, session: StripeObject, decline: Decline) -> HttpResponse:
    """Show the form once more, with why the payment failed."""
    with translation.override(rendering.language(request, session.body["locale"])):
        form = hosted_form.HostedForm.empty(session.body)
        details = session.body["customer_details"] or {}
        form.email, form.name = details.get("email") or "", details.get("name") or ""
        form.show_address(details.get("address") or {})
        form.declined(decline)
        return _page(request, session, "pay.html", status=402, form=form)


@require_POST
@owned.by_object(sessions.KIND)
def check(request: HttpRequest, sid: str) -> HttpResponse:
    """Answer with the page that names the mistakes in a form, or with status 204 where there are none; nothing is paid.

    The page's script asks for this before it submits the form, so that a mistake costs the visitor no other field.
    """
    session = _session(sid)
    if session is None or session.body["status"] != "open":
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    with translation.override(rendering.language(request, session.body["locale"])):
        form = hosted_form.HostedForm.read(request.POST, session.body)
        if not form.errors:
            return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
        return _page(request, session, "pay.html", form=form)


@require_safe
@owned.by_object(sessions.KIND)
def done(request: HttpRequest, sid: str) -> HttpResponse:
    """Send the visitor back to the shop, once its webhook has been answered."""
    session = _session(sid)
    if session is None:
        return rendering.not_found(request)
    if session.body["status"] != "complete":
        return SeeOther(reverse("stripe_sandbox:pay", args=[sid]))
    waited = request.GET.get("waited", "0")
    return _away(request, session, waited=int(waited) if waited.isdecimal() and len(waited) < 4 else 0)


def _away(request: HttpRequest, session: StripeObject, *, waited: int) -> HttpResponse:
    """Redirect to `success_url`; Stripe waits for the endpoint first, and so does this, for a while."""
    at_once, in_all = conf.get("REDIRECT_WAIT")
    delivers = conf.get("DELIVERIES") == "thread" and waited < in_all
    if delivers and not _is_answered(session.private["completed"], within=at_once if waited == 0 else 0):
        response = _page(request, session, "waiting.html")
        address = reverse("stripe_sandbox:done", args=[session.sid])
        response["Refresh"] = f"1;url={address}?waited={waited + max(1, int(at_once))}"
        return response
    if session.body["payment_status"] == "unpaid":
        return SeeOther(reverse("stripe_sandbox:voucher", args=[session.body["payment_intent"]]))
    return SeeOther(landing(session))


def _is_answered(event: str, *, within: float) -> bool:
    """Return whether each endpoint has been tried with this event, within so many seconds.

    Never for long in one request, and in one request of this process at a time: where the same threads serve the
    endpoint, they must be free to take the webhook.
    """
    if deliveries.answered(event):
        return True
    until = time.monotonic() + within
    if not within or not _waits.acquire(blocking=False):
        return False
    try:
        while not (answered := deliveries.answered(event)) and time.monotonic() < until:
            time.sleep(0.02)
        return answered
    finally:
        _waits.release()


def landing(session: StripeObject) -> str:
    """Return the shop's address for a visitor who is done."""
    return session.body["success_url"].replace("{CHECKOUT_SESSION_ID}", session.sid)
