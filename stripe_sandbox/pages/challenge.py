"""The bank's 3-D Secure challenge."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from stripe_sandbox import conf, money
from stripe_sandbox.models import StripeObject
from stripe_sandbox.resources.sessions import paying

from . import hosted, hosted_form, owned, rendering
from .rendering import SeeOther


def _waiting_for_bank(intent: StripeObject | None) -> bool:
    action = (intent.body["next_action"] or {}) if intent else {}
    return action.get("type") in ("redirect_to_url", "use_stripe_sdk")


@require_http_methods(["GET", "HEAD", "POST"])
@owned.by_object("payment_intent")
def authenticate(request: HttpRequest, sid: str) -> HttpResponse:
    """Simulate the bank that authenticates the cardholder: "Complete" or "Fail"."""
    intent, session = hosted.intent_and_session(sid)
    if intent is None:
        return rendering.not_found(request)
    if not _waiting_for_bank(intent):
        return SeeOther(_back(intent, session))
    if request.method == "POST" and request.POST.get("outcome") in ("complete", "fail"):
        return _answer(request, sid, passed=request.POST["outcome"] == "complete")
    language = hosted.language(request, session)
    context = {
        "amount": money.written(intent.body["amount"], intent.body["currency"], language),
        "business": conf.get("BUSINESS_NAME"),
    }
    leads_to = [session.body["success_url"]] if session else [_back(intent, None)]
    csp = rendering.policy(*(rendering.origin_of(url) for url in leads_to))
    return rendering.show(request, "authenticate.html", context, in_language=language, csp=csp)


def _answer(request: HttpRequest, sid: str, *, passed: bool) -> HttpResponse:
    with transaction.atomic(using=conf.DATABASE), hosted_form.asked_for(request):
        intent, session = hosted.intent_and_session(sid)
        if intent is None:
            return rendering.not_found(request)
        back = _back(intent, session)
        decline = paying.authenticated(intent, passed=passed) if _waiting_for_bank(intent) else None
    if session and decline:
        session.refresh_from_db()
        return hosted.refused(request, session, decline)
    return SeeOther(back)


def _back(intent: StripeObject, session: StripeObject | None) -> str:
    """Return where the visitor goes on: the session's end, or the `return_url` of the intent."""
    if session:
        return reverse("stripe_sandbox:done", args=[session.sid])
    action = intent.body["next_action"] or {}
    return action.get("redirect_to_url", {}).get("return_url") or reverse("stripe_sandbox:dashboard")
