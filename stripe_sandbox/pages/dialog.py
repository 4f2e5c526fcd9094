"""Legacy Checkout: its script, and the card dialog that it opens."""

from __future__ import annotations

import re
from importlib import resources

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from stripe_sandbox import conf, money

from . import rendering


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
    """Show the card dialog, in the frame that checkout.js opens; framed by nobody but the site itself."""
    language = rendering.language(request, request.GET.get("locale", "en"))
    context = {"publishable_key": conf.get("PUBLISHABLE_KEY"), "price": _price(request, language)}
    return rendering.show(request, "dialog.html", context, in_language=language, csp=rendering.policy(framed=True))


def _price(request: HttpRequest, language: str) -> str:
    """Return the price that the page wants shown; empty where it names none, or one that Stripe does not count."""
    amount, currency = request.GET.get("amount", "")[:20], request.GET.get("currency", "").lower()
    if not re.fullmatch("[0-9]{1,12}", amount) or currency not in money.CURRENCIES:
        return ""
    return money.written(int(amount), currency, language)
