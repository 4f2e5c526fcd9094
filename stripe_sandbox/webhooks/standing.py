"""Which endpoints answer, as this process has seen it, and which are being posted to; each by its `seq`."""

from __future__ import annotations

import enum
import threading
import time
from collections.abc import Callable

from .attempt import Reply

# Milliseconds from which an answer is slow.
_SLOW = 1000
# An endpoint without an answer is left alone: seconds after the first time, doubled each time, up to the most.
_REST, _LONGEST_REST = 0.1, 5.0

_lock = threading.Lock()
_threads: dict[int, threading.Thread] = {}
# How often in a row it has missed, and until when it is left alone.
_misses: dict[int, int] = {}
_rests: dict[int, float] = {}


class Standing(enum.IntEnum):
    """How an endpoint answered last time, the best first: in time, not posted to yet, or not or slowly."""

    ANSWERS = 0
    NEW = 1
    SILENT = 2


def of(endpoint: int) -> Standing:
    """Return how the endpoint answered last time."""
    if endpoint not in _misses:
        return Standing.NEW
    return Standing.SILENT if _misses[endpoint] else Standing.ANSWERS


def note(endpoint: int, reply: Reply) -> bool:
    """Note how the endpoint answered; return whether it did, and soon."""
    if reply.status and reply.milliseconds < _SLOW:
        _misses[endpoint] = 0
        return True
    _misses[endpoint] = _misses.get(endpoint, 0) + 1
    if not reply.status:
        rest(endpoint, _REST * 2 ** min(_misses[endpoint] - 1, 10))
    return False


def rest(endpoint: int, seconds: float = _LONGEST_REST) -> None:
    """Leave the endpoint alone for so many seconds, or for the longest time."""
    _rests[endpoint] = time.time() + min(seconds, _LONGEST_REST)


def rests_until(endpoint: int) -> float:
    """Return until when the endpoint is left alone, in seconds since 1970; 0 for ever so long ago."""
    return _rests.get(endpoint, 0)


def post_by(start: Callable[[], threading.Thread], endpoint: int) -> None:
    """Start the thread that posts to the endpoint; it says when it has ended."""
    with _lock:
        _threads[endpoint] = start()


def ended(endpoint: int) -> None:
    """Note that no thread posts to the endpoint any more."""
    with _lock:
        _threads.pop(endpoint, None)


def busy() -> set[int]:
    """Return the endpoints that are being posted to; none after a fork, which leaves the threads behind."""
    with _lock:
        return {endpoint for endpoint, thread in _threads.items() if thread.is_alive()}


def is_free(endpoint: int) -> bool:
    """Return whether something for the endpoint can be posted at once: it is neither busy nor left alone."""
    return endpoint not in _threads and _rests.get(endpoint, 0) <= time.time()


def forget() -> None:
    """Forget how the endpoints answered."""
    _misses.clear()
    _rests.clear()
