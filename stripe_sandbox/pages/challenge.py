"""Pages beside the hosted one: the bank's 3-D Secure challenge, the konbini voucher, the receipt."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from stripe_sandbox import conf, money, store
from stripe_sandbox.models import Stored
from stripe_sandbox.resources import sessions
from stripe_sandbox.resources.sessions import paying

from . import hosted, hosted_form, rendering
from .hosted import SeeOther

_STORES = {
    "familymart": _("FamilyMart"),
    "lawson": _("Lawson"),
    "ministop": _("Ministop"),
    "seicomart": _("Seicomart"),
}


def _intent(sid: str) -> tuple[Stored | None, Stored | None]:
    """Return a payment intent and the session it belongs to."""
    intent = store.find("payment_intent", sid)
    session = store.find(sessions.KIND, intent.private.get("session", "")) if intent else None
    return intent, session


def _language(request: HttpRequest, session: Stored | None) -> str:
    return rendering.language(request, session.body["locale"] if session else None)


def _waiting_for_bank(intent: Stored | None) -> bool:
    action = (intent.body["next_action"] or {}) if intent else {}
    return action.get("type") in ("redirect_to_url", "use_stripe_sdk")


@require_http_methods(["GET", "HEAD", "POST"])
def authenticate(request: HttpRequest, sid: str) -> HttpResponse:
    """Play the bank that asks the cardholder: "Complete" or "Fail"."""
    intent, session = _intent(sid)
    if intent is None:
        return rendering.show(request, "unknown.html", {}, status=404)
    if not _waiting_for_bank(intent):
        return SeeOther(_back(intent, session))
    if request.method == "POST" and request.POST.get("outcome") in ("complete", "fail"):
        return _answer(request, sid, passed=request.POST["outcome"] == "complete")
    language = _language(request, session)
    context = {
        "amount": money.local(intent.body["amount"], intent.body["currency"], language),
        "business": conf.get("BUSINESS_NAME"),
    }
    leads_to = [session.body["success_url"]] if session else [_back(intent, None)]
    csp = rendering.policy(*(rendering.origin_of(url) for url in leads_to))
    return rendering.show(request, "authenticate.html", context, in_language=language, csp=csp)


def _answer(request: HttpRequest, sid: str, *, passed: bool) -> HttpResponse:
    with transaction.atomic(using=conf.DATABASE), hosted_form.asked_for(request):
        intent, session = _intent(sid)
        back = _back(intent, session)
        decline = paying.authenticated(intent, passed=passed) if _waiting_for_bank(intent) else None
    if session and decline:
        session.refresh_from_db()
        return hosted.refused(request, session, decline)
    return SeeOther(back)


def _back(intent: Stored, session: Stored | None) -> str:
    """Return where the visitor goes on: the session's end, or the `return_url` of the intent."""
    if session:
        return reverse("stripe_sandbox:done", args=[session.sid])
    action = intent.body["next_action"] or {}
    return action.get("redirect_to_url", {}).get("return_url") or reverse("stripe_sandbox:dashboard")


@require_safe
def voucher(request: HttpRequest, sid: str) -> HttpResponse:
    """Show what to say at the store."""
    intent, session = _intent(sid)
    details = (intent.body["next_action"] or {}).get("konbini_display_details") if intent else None
    if intent is None or session is None or (details is None and intent.body["status"] != "succeeded"):
        return rendering.show(request, "unknown.html", {}, status=404)
    language = _language(request, session)
    stores = details["stores"] if details else {}
    context = {
        "amount": money.local(intent.body["amount"], intent.body["currency"], language),
        "business": conf.get("BUSINESS_NAME"),
        "expires_at": hosted.moment(details["expires_at"]) if details else None,
        "landing": hosted.landing(session),
        "stores": [(_STORES[key], code) for key, code in stores.items()],
    }
    return rendering.show(request, "voucher.html", context, in_language=language)


@require_safe
def receipt(request: HttpRequest, sid: str) -> HttpResponse:
    """Show the receipt that a charge's `receipt_url` leads to."""
    charge = store.find("charge", sid)
    if charge is None or not charge.body["paid"]:
        return rendering.show(request, "unknown.html", {}, status=404)
    body = charge.body
    language = rendering.language(request, None)
    context = {
        "amount": money.local(body["amount"], body["currency"], language),
        "business": conf.get("BUSINESS_NAME"),
        "charge": body,
        "card": body["payment_method_details"].get("card"),
        "created": hosted.moment(body["created"]),
        "refunded": money.local(body["amount_refunded"], body["currency"], language),
    }
    return rendering.show(request, "receipt.html", context, in_language=language)
