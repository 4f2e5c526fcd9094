"""Legacy Checkout: its script, and the card dialog that it opens."""

from __future__ import annotations

import re
from importlib import resources

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from stripe_sandbox import conf, masking, money

from . import countries, rendering


@require_safe
def checkout_js(request: HttpRequest) -> HttpResponse:
    """Serve legacy Checkout's script; it loads its style sheet from where it came from itself."""
    source = resources.files("stripe_sandbox").joinpath("static/stripe_sandbox/checkout.js")
    script = source.read_text(encoding="utf-8").replace("%BUTTON_CSS%", static("stripe_sandbox/button.css"))
    headers = {"Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
@xframe_options_exempt
def dialog(request: HttpRequest) -> HttpResponse:
    """Show the card dialog, in the frame that checkout.js opens; framed by the site itself only."""
    language = rendering.language(request, request.GET.get("locale", "en"))
    with translation.override(language):
        price, problem = _price(request.GET.get("amount", ""), request.GET.get("currency", ""), language)
    context = {
        "countries": countries.options(language, conf.get("COUNTRY")),
        "price": price,
        "problem": problem,
    }
    return rendering.show(request, "dialog.html", context, in_language=language, csp=rendering.policy(framed=True))


def _price(amount: str, currency: str, language: str) -> tuple[str, str]:
    """Return the price that the page wants shown, and why it cannot be shown; each is empty without the other.

    Both are empty where the page names no amount.
    """
    if not amount:
        return "", ""
    if not re.fullmatch("[0-9]{1,12}", amount[:20]):
        text = _("This page gives the amount as “{amount}”. It must be a whole number in the currency's smallest unit.")
        return "", text.format(amount=masking.text(amount[:40]))
    if currency.lower() not in money.CURRENCIES:
        text = _("This page gives the currency as “{currency}”, which is not a currency that Stripe supports.")
        return "", text.format(currency=masking.text(currency[:40]))
    return money.written(int(amount), currency.lower(), language), ""
