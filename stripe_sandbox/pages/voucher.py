"""The konbini voucher."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from stripe_sandbox import conf, money

from . import hosted, owned, rendering

_STORES = {
    "familymart": _("FamilyMart"),
    "lawson": _("Lawson"),
    "ministop": _("Ministop"),
    "seicomart": _("Seicomart"),
}


@require_safe
@owned.by_object("payment_intent")
def voucher(request: HttpRequest, sid: str) -> HttpResponse:
    """Show the numbers to give at the store."""
    intent, session = hosted.intent_and_session(sid)
    details = (intent.body["next_action"] or {}).get("konbini_display_details") if intent else None
    if intent is None or session is None or (details is None and intent.body["status"] != "succeeded"):
        return rendering.not_found(request)
    language = hosted.language(request, session)
    stores = details["stores"] if details else {}
    context = {
        "amount": money.written(intent.body["amount"], intent.body["currency"], language),
        "business": conf.get("BUSINESS_NAME"),
        "expires_at": rendering.moment(details["expires_at"]) if details else None,
        "landing": hosted.landing(session),
        "stores": [(_STORES[key], code) for key, code in stores.items()],
    }
    return rendering.show(request, "voucher.html", context, in_language=language)
