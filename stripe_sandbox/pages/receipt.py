"""The receipt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from stripe_sandbox import conf, money, store

from . import owned, rendering


@require_safe
@owned.by_object("charge")
def receipt(request: HttpRequest, sid: str) -> HttpResponse:
    """Show the receipt that a charge's `receipt_url` leads to."""
    charge = store.find("charge", sid)
    if charge is None or not charge.body["paid"]:
        return rendering.not_found(request)
    body = charge.body
    language = rendering.language(request, None)
    context = {
        "amount": money.written(body["amount"], body["currency"], language),
        "business": conf.get("BUSINESS_NAME"),
        "charge": body,
        "card": body["payment_method_details"].get("card"),
        "created": rendering.moment(body["created"]),
        "refunded": money.written(body["amount_refunded"], body["currency"], language),
    }
    return rendering.show(request, "receipt.html", context, in_language=language)
