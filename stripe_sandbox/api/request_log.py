"""The log of calls, as the dashboard shows it: what must not be kept is masked before it is written."""

from __future__ import annotations

import time
from typing import Any

from stripe_sandbox.assumptions import REPLAYED_HEADER
from stripe_sandbox.models import LoggedRequest

from .calls import Answer, Call

_SECRET = {"number", "cvc"}
_MASK = "••••"
_LONGEST = 200_000
# So many calls are kept, and a few more: pruning at each call would cost more than it frees.
_KEPT, _PRUNED_EVERY = 10_000, 100
_NOTHING = '{"sandbox": "No answer: the connection broke, as it was ordered."}'
_TOO_LONG = '{"sandbox": "This answer was too long for the log."}'


def masked(params: dict[str, Any]) -> dict[str, Any]:
    """Return parameters without a card's number and security code."""
    return {key: _mask(key, value) for key, value in params.items()}


def _mask(key: str, value: Any) -> Any:
    if key.lower() in _SECRET:
        return _MASK
    return masked(value) if isinstance(value, dict) else value


def write(call: Call, params: dict[str, Any], answer: Answer, started: float) -> None:
    """Log one call; `started` is `time.perf_counter()` at its beginning."""
    logged = LoggedRequest.objects.create(
        request_id=call.id,
        created=time.time(),
        method=call.method,
        path=call.path[:500],
        status=answer.status,
        milliseconds=(time.perf_counter() - started) * 1000,
        params=masked(params),
        answer=(answer.body or _NOTHING) if len(answer.body) <= _LONGEST else _TOO_LONG,
        idempotency_key=call.idempotency_key[:255],
        replayed=REPLAYED_HEADER in answer.headers,
        user_agent=call.headers.get("User-Agent", "")[:300],
    )
    if logged.pk % _PRUNED_EVERY == 0:
        LoggedRequest.objects.filter(pk__lte=logged.pk - _KEPT).delete()
