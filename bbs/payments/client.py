"""The only place that knows the secret key and the API's address."""

from __future__ import annotations

import functools
import logging
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlsplit

import stripe
from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.module_loading import import_string

from compare.wire import recorder
from compare.wire.messages import Call

# stripe-python waits 80 seconds by default; a visitor does not. Two retries with the same idempotency key
# are safe, and StripeClient makes none unless told.
TIMEOUT = 15
MAX_NETWORK_RETRIES = 2


logger = logging.getLogger(__name__)

_about: ContextVar[uuid.UUID | None] = ContextVar("about", default=None)


@contextmanager
def calls_about(payment_reference: uuid.UUID) -> Iterator[None]:
    """Say in the log and in the record which payment the calls to Stripe in this block are about."""
    token = _about.set(payment_reference)
    recorder.about(payment_reference)
    try:
        yield
    finally:
        _about.reset(token)


class ObservedClient(stripe.HTTPClient):
    """Hands requests to another client. Logs one line for each, without parameters, and records it, masked."""

    name = "observed"

    def __init__(self, inner: stripe.HTTPClient) -> None:
        super().__init__()
        self._inner = inner

    def request_with_retries(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        post_data: object = None,
        *args: object,
        **kwargs: object,
    ) -> tuple[str, int, Mapping[str, str]]:
        watch, answer, status, answered, error = recorder.Stopwatch(), None, None, {}, ""
        try:
            answer, status, answered = self._inner.request_with_retries(
                method, url, headers, post_data, *args, **kwargs
            )
            return answer, status, answered
        except stripe.StripeError as refused:
            error = type(refused).__name__
            raise
        finally:
            about, timing = _about.get(), watch.read()
            outcome, request_id = status or "no answer", answered.get("request-id")
            line = "payment=%s stripe %s %s -> %s request=%s %d ms"
            logger.info(line, about, method.upper(), urlsplit(url).path, outcome, request_id, timing.milliseconds)
            call = Call(
                method=method,
                url=url,
                headers=headers,
                body=post_data,
                status=status,
                answer=answer,
                answer_headers=answered,
                error=error,
            )
            recorder.heard_call(about, call, timing)

    def close(self) -> None:
        self._inner.close()


@functools.cache
def _http_client() -> stripe.HTTPClient:
    if settings.STRIPE_HTTP_CLIENT:
        return ObservedClient(import_string(settings.STRIPE_HTTP_CLIENT)())
    return ObservedClient(stripe.RequestsClient(timeout=TIMEOUT))


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
