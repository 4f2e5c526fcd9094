"""The log of calls, as the dashboard shows it: what must not be kept is masked before it is written."""

from __future__ import annotations

import time
from typing import Any

from stripe_sandbox import conf, masking, store
from stripe_sandbox.assumptions import REPLAYED_HEADER
from stripe_sandbox.models import LoggedRequest

from . import versions
from .calls import Answer, Call

_LONGEST = 200_000
# So many calls of an account are kept, and some more: pruning at each call would cost more than it frees. A prime
# number, so that of accounts that call in turn none is passed over each time.
_KEPT, _PRUNED_EVERY = 10_000, 101
_NOTHING = '{"sandbox": "No answer: the connection broke, as it was ordered."}'
_TOO_LONG = '{"sandbox": "This answer was too long for the log."}'


def write(call: Call, params: dict[str, Any], answer: Answer, started: float) -> None:
    """Log one call; `started` is `time.perf_counter()` at its beginning."""
    text = (answer.body or _NOTHING) if len(answer.body) <= _LONGEST else _TOO_LONG
    logged = LoggedRequest(
        request_id=call.id,
        created=store.moment(),
        method=call.method,
        path=masking.text(call.path)[:500],
        status=answer.status,
        milliseconds=(time.perf_counter() - started) * 1000,
        params=masking.params(params),
        # A refusal is masked already: this is the second net. An object is what the caller made it.
        answer=masking.text(text) if answer.status >= 400 else text,
        idempotency_key=masking.text(call.idempotency_key)[:255],
        replayed=REPLAYED_HEADER in answer.headers,
        user_agent=masking.text(call.headers.get("User-Agent", ""))[:300],
        version="" if (asked := versions.of(call)) == conf.API_VERSION else masking.text(asked)[:100],
    ).insert()
    if logged.pk % _PRUNED_EVERY == 0:
        _prune()


def _prune() -> None:
    oldest = LoggedRequest.objects.order_by("-pk").values_list("pk", flat=True)[_KEPT : _KEPT + 1]
    LoggedRequest.objects.filter(pk__lte=oldest.first() or 0).delete()
