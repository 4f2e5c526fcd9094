"""System checks of the payment settings: each says what is wrong and what to do. `check --tag payments` runs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

from bbs.models import Flow


@checks.register("payments")
def check_payment_settings(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """Refuse to start with settings under which a payment could go wrong."""
    return list(chain(_flow(), _keys(), _live(), _webhook(), _addresses(), _board()))


def _flow() -> Iterator[checks.CheckMessage]:
    if settings.PAYMENT_FLOW not in Flow.values:
        yield checks.Error(
            f"PAYMENT_FLOW is {settings.PAYMENT_FLOW!r}, which is no payment flow.",
            hint='Set PAYMENT_FLOW to "modern" or "legacy", or leave it out for "modern".',
            id="bbs.E001",
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
    if any(urlsplit(url).scheme == "http" for url in (settings.STRIPE_API_BASE, settings.STRIPE_CHECKOUT_JS)):
        yield checks.Error(
            "A live key would be sent over http, or its card dialog come from there.",
            hint="Remove STRIPE_API_BASE and STRIPE_CHECKOUT_JS, or give addresses that begin with https://.",
            id="bbs.E009",
        )
    legacy_is_possible = settings.PAYMENT_FLOW == Flow.LEGACY or settings.PAYMENT_FLOW_SWITCHER
    if legacy_is_possible and not settings.HTTPS:
        yield checks.Error(
            "The legacy flow with a live key needs HTTPS: the card is typed over our own page.",
            hint="Set DJANGO_HTTPS=1 once the site is reached by https, or use test keys (sk_test_…).",
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
        parts = urlsplit(getattr(settings, name))
        is_own_path = parts.path.startswith("/") and not parts.scheme and not parts.netloc
        is_address = parts.scheme in ("http", "https") and parts.netloc
        if not (is_address or (is_own_path and name == "STRIPE_CHECKOUT_JS")):
            yield checks.Error(
                f"{name} is {getattr(settings, name)!r}, which is no address.",
                hint="Give it whole, such as http://127.0.0.1:12111, or leave it out for Stripe's own.",
                id="bbs.E010",
            )


def _board() -> Iterator[checks.CheckMessage]:
    if settings.BOARD_POSTS_PER_MINUTE < 1:
        yield checks.Error(
            f"BOARD_POSTS_PER_MINUTE is {settings.BOARD_POSTS_PER_MINUTE}: nobody could post.",
            hint="Set it to 1 or more, or leave it out for 10.",
            id="bbs.E012",
        )
