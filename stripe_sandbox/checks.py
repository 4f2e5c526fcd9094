"""System checks of the settings beside the sandbox: each says what is wrong and what to do."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.core import checks

from . import conf


@checks.register("payments")
def check_sandbox_settings(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """Refuse to start with settings that contradict the sandbox."""
    # Once registered a check stays so, and a test may have switched the app off since.
    return [*_live(), *_script(), *_webhooks(), *_card_tokens()] if apps.is_installed("stripe_sandbox") else []


def _live() -> Iterator[checks.CheckMessage]:
    if getattr(settings, "STRIPE_LIVEMODE", False):
        yield checks.Error(
            "The sandbox is switched on together with a live key.",
            hint="Remove stripe_sandbox from INSTALLED_APPS: with keys in the environment it stays off by itself.",
            id="bbs.E005",
        )


def _script() -> Iterator[checks.CheckMessage]:
    if "//" in getattr(settings, "STRIPE_CHECKOUT_JS", ""):
        yield checks.Error(
            "STRIPE_CHECKOUT_JS names another server's script, but the sandbox would have to accept its tokens.",
            hint="Remove STRIPE_CHECKOUT_JS, or give the keys of the server that it belongs to.",
            id="bbs.E011",
        )


def _is_host_or_network(entry: str) -> bool:
    try:
        return bool(ipaddress.ip_network(entry, strict=False))
    except ValueError:
        return re.fullmatch(r"\*|[\w.-]{1,253}", entry) is not None


def _webhooks() -> Iterator[checks.CheckMessage]:
    url = conf.get("WEBHOOK_URL")
    if not re.fullmatch(r"(https?://[^\s/]+)?/\S*|", url):
        yield checks.Error(
            f"STRIPE_SANDBOX_WEBHOOK_URL is {url!r}, to which no webhook can be sent.",
            hint="Give a path of this site such as /webhook/, or a whole address, or leave it out.",
            id="bbs.E024",
        )
    for entry in conf.get("WEBHOOK_ALLOW"):
        if not _is_host_or_network(entry):
            yield checks.Error(
                f"STRIPE_SANDBOX_WEBHOOK_ALLOW names {entry!r}, which is no host, address or network.",
                hint="Give names and numbers alone, such as shop.internal,10.0.0.0/8, or * for any private address.",
                id="stripe_sandbox.E001",
            )


def _card_tokens() -> Iterator[checks.CheckMessage]:
    if conf.get("CARD_TOKENS") not in conf.CARD_TOKENS:
        yield checks.Error(
            f"STRIPE_SANDBOX_CARD_TOKENS is {conf.get('CARD_TOKENS')!r}, which is no state of card tokens.",
            hint=f"Set it to {', '.join(conf.CARD_TOKENS[:-1])} or {conf.CARD_TOKENS[-1]}, or leave it out for on.",
            id="stripe_sandbox.E002",
        )
