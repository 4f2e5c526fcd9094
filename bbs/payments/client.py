"""The only place that reads the secret key and the API's address."""

from __future__ import annotations

import functools
import json
import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import stripe
from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.module_loading import import_string

from bbs.payments import shapes
from bbs.payments.context import current_payment

# stripe-python waits 80 seconds by default; a visitor does not. Two retries with the same idempotency key
# are safe, and StripeClient makes none by default.
TIMEOUT = 15
MAX_NETWORK_RETRIES = 2

logger = logging.getLogger(__name__)


class NotUnderstood(stripe.APIError):
    """Stripe, or a server in its place, answered in a way that we do not understand."""


class ClientWrapper(stripe.HTTPClient):
    """Hand each request to another client. `settings.STRIPE_HTTP_CLIENT_WRAPPERS` names further ones."""

    name = "wrapper"

    def __init__(self, inner: stripe.HTTPClient) -> None:
        super().__init__()
        self._inner = inner

    def request_with_retries(self, *args: Any, **kwargs: Any) -> tuple[str, int, Mapping[str, str]]:
        """Return body, status and headers of the answer. Raises stripe.APIConnectionError when none came."""
        return self._inner.request_with_retries(*args, **kwargs)

    def close(self) -> None:
        self._inner.close()


class LoggingClient(ClientWrapper):
    """Log one line for each request: without its parameters, which may name a person."""

    def request_with_retries(
        self, method: str, url: str, *args: Any, **kwargs: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        start, outcome, request_id = time.perf_counter(), "no answer", None
        try:
            body, status, headers = super().request_with_retries(method, url, *args, **kwargs)
            outcome, request_id = str(status), headers.get("request-id")
            return body, status, headers
        finally:
            milliseconds = (time.perf_counter() - start) * 1000
            place = f"{method.upper()} {urlsplit(url).path}"
            line = "payment=%s stripe %s -> %s request=%s %d ms"
            logger.info(line, current_payment(), place, outcome, request_id, milliseconds)


class CheckingClient(ClientWrapper):
    """Refuse an answer of another shape than Stripe's, over which stripe-python or our own code would stumble."""

    def request_with_retries(
        self, method: str, url: str, *args: Any, **kwargs: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        """Return body, status and headers of the answer. Raises NotUnderstood, and stripe.APIConnectionError."""
        body, status, headers = super().request_with_retries(method, url, *args, **kwargs)
        try:
            answer = shapes.parsed(body)
            shapes.check(answer, shapes.of_answer(method, url) if 200 <= status < 300 else shapes.ERROR)
        except shapes.OddShape as odd:
            message, lower = f"The response is not understood, {odd}", {name.lower(): headers[name] for name in headers}
            raise NotUnderstood(message, None, status, headers=lower) from None
        return json.dumps(answer), status, headers


@functools.cache
def _http_client() -> stripe.HTTPClient:
    named = settings.STRIPE_HTTP_CLIENT
    client = LoggingClient(import_string(named)() if named else stripe.RequestsClient(timeout=TIMEOUT))
    for wrapper in settings.STRIPE_HTTP_CLIENT_WRAPPERS:
        client = import_string(wrapper)(client)
    return CheckingClient(client)


@functools.cache
def stripe_client() -> stripe.StripeClient:
    """Return the client that new code uses: no global state, everything under `client.v1`."""
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        http_client=_http_client(),
        max_network_retries=MAX_NETWORK_RETRIES,
    )


def configure() -> None:
    """Set up the `stripe` module itself, which calls of the older style such as `stripe.Charge.create` read."""
    stripe.api_key = settings.STRIPE_SECRET_KEY
    stripe.api_base = settings.STRIPE_API_BASE
    stripe.default_http_client = _http_client()
    stripe.max_network_retries = MAX_NETWORK_RETRIES
    stripe.set_app_info("stripe-checkout-board")


@receiver(setting_changed)
def _forget(setting: str, **kwargs: object) -> None:
    if setting.startswith("STRIPE_"):
        _http_client.cache_clear()
        stripe_client.cache_clear()
        configure()
