"""The threads that post deliveries: one for each endpoint with something due, so that none waits for another.

There is a bound, and a part of it is kept for endpoints that answer: as many dead ones as there may be leave it free.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import OperationalError, connections

from stripe_sandbox import accounts, conf
from stripe_sandbox.clock import schedule, worker

from . import deliveries
from .attempt import Reply

logger = logging.getLogger(__name__)

ANSWERS, NEW, SILENT = range(3)
# So many threads may be busy when one more is wanted for an endpoint that answered last time, for one that was not
# posted to yet, and for one that did not answer or was slow.
MOST = {ANSWERS: 64, NEW: 56, SILENT: 32}
# Milliseconds from which an answer is slow.
_SLOW = 1000
# An endpoint without an answer is left alone: seconds after the first time, doubled each time, up to the most.
_REST, _LONGEST_REST = 0.1, 5.0
# So many deliveries a thread posts before it looks whether another endpoint waits.
_TURN = 20

_lock = threading.Lock()
# By the endpoint's `seq`: the thread that posts to it, how often in a row it has missed, until when it is left alone.
_threads: dict[int, threading.Thread] = {}
_misses: dict[int, int] = {}
_rests: dict[int, float] = {}


def do_next(now: float) -> bool:
    """Have a thread post to the next endpoint with something due; return whether there was one, and room for it."""
    due = [(standing(endpoint), at, endpoint, account) for at, endpoint, account in _waiting() if at <= now]
    if not due:
        return False
    *_, endpoint, account = min(due)
    with _lock:
        _threads[endpoint] = worker.helper(_serve, account, endpoint)
    return True


def next_due() -> float | None:
    """Return when there is something to post, and room for it, or None; the bell rings when a thread ends."""
    return min((at for at, *_ in _waiting()), default=None)


def standing(endpoint: int) -> int:
    """Return whether the endpoint with this `seq` answers, as this process has seen it."""
    if endpoint not in _misses:
        return NEW
    return SILENT if _misses[endpoint] else ANSWERS


def _waiting() -> list[tuple[float, int, int]]:
    """Return each endpoint with work, and room for it: when there is something to post, its `seq`, its account."""
    with _lock:
        busy = {endpoint for endpoint, thread in _threads.items() if thread.is_alive()}  # none after a fork
    return [
        (max(it.due, it.claimed_until, _rests.get(it.endpoint_seq, 0)), it.endpoint_seq, it.account)
        for it in deliveries.waiting()
        if it.endpoint_seq not in busy and len(busy) < MOST[standing(it.endpoint_seq)]
    ]


def _serve(account: int, endpoint: int) -> None:
    """Post what is due to one endpoint of an account, until it misses, or others have waited long enough."""
    try:
        accounts.serve((0, account), 0, lambda: _post(endpoint))
    except OperationalError as error:
        logger.warning("The sandbox's database cannot be used (%s): deliveries wait.", error)
        _rests[endpoint] = time.time() + _LONGEST_REST
    except Exception:  # whatever it is: the delivery is tried again when it counts as left behind
        logger.exception("A thread of the sandbox failed at a delivery, which will be tried again.")
        _rests[endpoint] = time.time() + _LONGEST_REST
    finally:
        connections[conf.DATABASE].close()
        with _lock:
            _threads.pop(endpoint, None)
        schedule.bell.set()


def _post(endpoint: int) -> bool:
    for _ in range(_TURN):
        claimed = None if worker.is_stopping() else deliveries.claim(time.time(), endpoint)
        if claimed is None or not _note(endpoint, deliveries.post(claimed)):
            break
    return True


def _note(endpoint: int, reply: Reply) -> bool:
    """Note how an endpoint answered; return whether it did, and soon."""
    if reply.status and reply.milliseconds < _SLOW:
        _misses[endpoint] = 0
        return True
    _misses[endpoint] = _misses.get(endpoint, 0) + 1
    if not reply.status:
        _rests[endpoint] = time.time() + min(_LONGEST_REST, _REST * 2 ** min(_misses[endpoint] - 1, 10))
    return False
