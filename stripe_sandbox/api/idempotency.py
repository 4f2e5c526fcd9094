"""Idempotency keys: the first answer to a POST is given again. https://docs.stripe.com/api/idempotent_requests"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stripe_sandbox import accounts, assumptions, store
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import IdempotencyKey

from .calls import Answer, Call

_LIFE = 24 * 3600
_LONGEST = 255
_in_flight: set[tuple[int, str, str]] = set()
_lock = threading.Lock()


def scope(call: Call) -> str:
    """Return what a key is unique within, besides its account: the call's address."""
    return call.path[:255]


def check_length(call: Call) -> None:
    if len(call.idempotency_key) > _LONGEST:
        raise ApiError(
            f"The idempotency key must be at most {_LONGEST} characters: yours has {len(call.idempotency_key)}.",
            kind="idempotency_error",
        )


@contextmanager
def claimed(call: Call) -> Iterator[None]:
    """Hold the call's key while it is answered; raises Stripe's 409 while another call holds it.

    Within this process, that is; another process waits for the database and then finds the answer.
    """
    claim = (accounts.current().pk, scope(call), call.idempotency_key)
    if not call.idempotency_key:
        yield
        return
    with _lock:
        if claim in _in_flight:
            raise ApiError(
                "There is currently another in-progress request using this Idempotent Key (that probably means "
                "you submitted twice, and the other request is still going through): "
                f"{call.idempotency_key}. Please try again later.",
                status=409,
                kind=assumptions.IN_FLIGHT_TYPE,
                code="idempotency_key_in_use",
            )
        _in_flight.add(claim)
    try:
        yield
    finally:
        with _lock:
            _in_flight.discard(claim)


def fingerprint(params: dict[str, Any]) -> str:
    """Return a digest of the parameters; it differs between two calls and reveals nothing about a card."""
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()


def stored(call: Call, params: dict[str, Any]) -> Answer | None:
    """Return the answer this key was given before; raises `idempotency_error` if the parameters were others."""
    if not call.idempotency_key:
        return None
    first = IdempotencyKey.first("scope = %s AND key = %s", scope(call), call.idempotency_key)
    if first is None:
        return None
    if first.created < store.now() - _LIFE:
        first.delete()
        return None
    if first.fingerprint != fingerprint(params):
        raise ApiError(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{call.idempotency_key}' if you meant to execute a different request.",
            kind="idempotency_error",
        )
    headers = {assumptions.REPLAYED_HEADER: "true", "Original-Request": first.request_id}
    return Answer(first.status, first.body, headers)


def keep(call: Call, params: dict[str, Any], answer: Answer) -> None:
    """Keep the first answer to a key, success or not."""
    if call.idempotency_key:
        IdempotencyKey(
            key=call.idempotency_key,
            scope=scope(call),
            fingerprint=fingerprint(params),
            request_id=call.id,
            status=answer.status,
            body=answer.body,
            created=store.now(),
        ).insert()
