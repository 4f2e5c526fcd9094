"""System checks of the payment settings: each shows what is wrong and what to do. `check --tag payments` runs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parseaddr
from itertools import chain
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bbs import payments
from bbs.models import Flow
from bbs.payments.declines import API_POLICIES, JAPANS_MANDATE

# A name as a browser sends it in `Host`, or an address: https://docs.djangoproject.com/en/5.2/ref/settings/#allowed-hosts
HOST = r"[a-z0-9_.-]+|\[[0-9a-f:.]+\]"
# Settings that are whole numbers, with their defaults. 0 switches a limit off, and means that we run no proxy.
NUMBERS = {
    "BOARD_POSTS_PER_MINUTE": 10,
    "ORDERS_PER_MINUTE": 20,
    "CARD_ATTEMPTS_PER_ORDER": 5,
    "PAYMENT_FLOW_ROLLOUT": 0,
    "LEGACY_GRACE_HOURS": 24,
    "TRUSTED_PROXIES": 0,
}


@checks.register("payments")
def check_payment_settings(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """Refuse to start with settings under which a payment could go wrong."""
    return list(chain(_flow(), _keys(), _live(), _webhook(), _addresses(), _numbers(), _hosts(), _mails()))


def _flow() -> Iterator[checks.CheckMessage]:
    if settings.PAYMENT_FLOW not in Flow.values:
        yield checks.Error(
            f"PAYMENT_FLOW is {settings.PAYMENT_FLOW!r}, which is no payment flow.",
            hint='Set PAYMENT_FLOW to "modern" or "legacy", or leave it out for "modern".',
            id="bbs.E001",
        )
    if settings.PAYMENT_FLOW_ROLLOUT > 100:
        yield checks.Error(
            f"PAYMENT_FLOW_ROLLOUT is {settings.PAYMENT_FLOW_ROLLOUT}, and cannot be more than 100 percent.",
            hint="Set it to a whole number from 0 to 100, or leave it out for 0.",
            id="bbs.E025",
        )
    if settings.PAYMENT_FLOW_ROLLOUT and settings.PAYMENT_FLOW == Flow.MODERN:
        yield checks.Warning(
            "PAYMENT_FLOW_ROLLOUT counts only with PAYMENT_FLOW=legacy: with modern, all visitors have it anyway.",
            hint="Remove PAYMENT_FLOW_ROLLOUT, or set PAYMENT_FLOW=legacy to move only that percentage of visitors.",
            id="bbs.W003",
        )
    if payments.charges_card_tokens():
        yield checks.Warning(
            "The legacy flow charges card tokens, which new Stripe accounts refuse by default. On Japanese accounts "
            "all credit card charges fail since 30 June 2025.",
            hint="Set PAYMENT_FLOW=modern, and PAYMENT_FLOW_SWITCHER=off. To keep the legacy flow, let the account's "
            f"owner enable card tokens at {API_POLICIES}, which does not help in Japan: {JAPANS_MANDATE}",
            id="bbs.W002",
        )


def _keys() -> Iterator[checks.CheckMessage]:
    if not re.fullmatch(r"[sr]k_\w+", settings.STRIPE_SECRET_KEY):
        yield checks.Error(
            "STRIPE_SECRET_KEY is missing, or is not a secret key, and the sandbox is off.",
            hint="Copy the key that begins with sk_test_ from the Dashboard, or remove all STRIPE_ settings "
            "to use the sandbox where it is installed.",
            id="bbs.E002",
        )
    elif not re.fullmatch(r"pk_\w+", settings.STRIPE_PUBLISHABLE_KEY):
        yield checks.Error(
            "STRIPE_PUBLISHABLE_KEY is missing or is not a publishable key.",
            hint="Copy the key that begins with pk_test_ from the Dashboard, beside the secret key.",
            id="bbs.E003",
        )
    elif settings.STRIPE_PUBLISHABLE_KEY.startswith("pk_live_") != settings.STRIPE_LIVEMODE:
        yield checks.Error(
            "STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY are of different modes, one live and one test.",
            hint="Copy both keys from the same page of the Dashboard.",
            id="bbs.E004",
        )


def _live() -> Iterator[checks.CheckMessage]:
    if not settings.STRIPE_LIVEMODE:
        return
    if settings.DEBUG:
        yield checks.Error(
            "DJANGO_DEBUG is on with a live key: Django's error pages would show visitors code and settings.",
            hint="Set DJANGO_DEBUG=off, or use test keys (sk_test_…).",
            id="bbs.E008",
        )
    if any(url.lower().startswith("http:") for url in (settings.STRIPE_API_BASE, settings.STRIPE_CHECKOUT_JS)):
        yield checks.Error(
            "A live key would be sent over http, or its card dialog come from there.",
            hint="Remove STRIPE_API_BASE and STRIPE_CHECKOUT_JS, or give addresses that begin with https://.",
            id="bbs.E009",
        )
    if not settings.HTTPS:
        yield checks.Error(
            "A live key needs HTTPS: real customers would pay, and sign in, over an unencrypted connection.",
            hint="Set DJANGO_HTTPS=on once the site is reached by https, or use test keys (sk_test_…).",
            id="bbs.E006",
        )


def _webhook() -> Iterator[checks.CheckMessage]:
    if not settings.STRIPE_WEBHOOK_SECRETS:
        yield checks.Warning(
            "STRIPE_WEBHOOK_SECRET is not set, so every webhook is refused with 400.",
            hint="Run `stripe listen --forward-to localhost:8000/webhook/` and set the whsec_… value it prints.",
            id="bbs.W001",
        )
    if not all(re.fullmatch(r"whsec_\S+", secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):
        yield checks.Error(
            "STRIPE_WEBHOOK_SECRET holds a value that is not a signing secret.",
            hint="A secret begins with whsec_: `stripe listen` prints one, and so does the endpoint's page in the "
            "Dashboard. Separate several by commas.",
            id="bbs.E007",
        )


def _addresses() -> Iterator[checks.CheckMessage]:
    for name in ("STRIPE_API_BASE", "STRIPE_CHECKOUT_JS"):
        value = getattr(settings, name)
        is_own_path = name == "STRIPE_CHECKOUT_JS" and re.match(r"/(?!/)", value)
        if not (_is_address(value) or is_own_path):
            yield checks.Error(
                f"{name} is {value!r}, which is no address.",
                hint="Give it whole, such as http://127.0.0.1:12111, or leave it out for Stripe's own.",
                id="bbs.E010",
            )
            break  # the second is made of the first where only that is given
    domain = settings.STRIPE_CHECKOUT_DOMAIN
    if domain and not _is_host(domain):
        yield checks.Error(
            f"STRIPE_CHECKOUT_DOMAIN is {domain!r}, which is no domain.",
            hint="Give it as the Dashboard shows it, such as pay.shop.example, without https://, or leave it out.",
            id="bbs.E023",
        )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and _is_host(parts.hostname or "") and (parts.port or 1) > 0
    except ValueError:  # a port beyond 65535, half of a bracket
        return False


def _is_host(name: str) -> bool:
    return re.fullmatch(HOST, f"[{name}]" if ":" in name else name, re.IGNORECASE | re.ASCII) is not None


def _numbers() -> Iterator[checks.CheckMessage]:
    for name, default in NUMBERS.items():
        if getattr(settings, name) < 0:
            yield checks.Error(
                f"{name} is {getattr(settings, name)}, and cannot be negative.",
                hint=f"Set it to 0 or more, or leave it out for {default}.",
                id="bbs.E012",
            )


def _hosts() -> Iterator[checks.CheckMessage]:
    for host in settings.ALLOWED_HOSTS:
        if host != "*" and not re.fullmatch(HOST, host, re.IGNORECASE | re.ASCII):
            yield checks.Error(
                f"DJANGO_ALLOWED_HOSTS has {host!r}, which is no host.",
                hint="Give names such as shop.example, without https:// and without a port, separated by commas.",
                id="bbs.E020",
            )
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if not _is_address(origin.replace("://*.", "://", 1)) or origin.count("/") > 2:
            yield checks.Error(
                f"DJANGO_CSRF_TRUSTED_ORIGINS has {origin!r}, which is no origin.",
                hint="Give addresses with their scheme and without a path, such as https://shop.example, "
                "separated by commas.",
                id="bbs.E021",
            )


def _mails() -> Iterator[checks.CheckMessage]:
    for name, value in (("FROM", settings.DEFAULT_FROM_EMAIL), ("STAFF", settings.STAFF_EMAIL)):
        try:
            validate_email(parseaddr(value)[1])
        except ValidationError:
            yield checks.Error(
                f"DJANGO_{name}_EMAIL is {value!r}, which is no e-mail address.",
                hint="Give one such as shop@shop.example, or leave it out where no mail leaves this machine.",
                id="bbs.E022",
            )
