"""How a project points its own library of Stripe's to this sandbox: one line of code for each language."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from stripe_sandbox import accounts
from stripe_sandbox.api import origin

from . import board

# Code by library. Each names the address as an option of Stripe's own library, and nothing else differs from before.
LIBRARIES = {
    "Python, stripe.api_base": 'stripe.api_base, stripe.api_key = "{url}", "{key}"',
    "Python, StripeClient": 'client = stripe.StripeClient("{key}", base_addresses={{"api": "{url}"}})',
    "Node.js": 'const stripe = new Stripe("{key}", {{ host: "{host}", port: {port}, protocol: "{protocol}" }});',
    "Ruby": 'Stripe.api_base, Stripe.api_key = "{url}", "{key}"',
    "PHP": '\\Stripe\\Stripe::$apiBase = "{url}"; \\Stripe\\Stripe::setApiKey("{key}");',
    "Go": 'stripe.Key = "{key}"\nstripe.SetBackend(stripe.APIBackend, stripe.GetBackendWithConfig('
    'stripe.APIBackend, &stripe.BackendConfig{{URL: stripe.String("{url}")}}))',
    "Java": 'Stripe.overrideApiBase("{url}"); Stripe.apiKey = "{key}";',
    ".NET": 'var client = new StripeClient("{key}", apiBase: "{url}");',
    "curl": "curl {url}/v1/charges -u {key}: -d amount=2000 -d currency=jpy -d source=tok_visa",
}


def code(url: str, key: str) -> dict[str, str]:
    """Return the code by library for a sandbox at this address."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    values = {"url": url, "key": key, "host": parts.hostname, "port": port, "protocol": parts.scheme}
    return {library: text.format(**values) for library, text in LIBRARIES.items()}


@require_safe
def connect(request: HttpRequest) -> HttpResponse:
    """Show the code, with the address at which the visitor sees the sandbox, and the keys of the account."""
    url, key = origin.visitor(), board.shown_key(accounts.current())
    return board.show(request, "connect.html", {"libraries": code(url, key), "script": f"{url}/checkout.js"})
