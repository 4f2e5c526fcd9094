"""One scan at a time for each process of the site, and few that wait: the others are payments and people who read."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

# Scans that wait for their turn, the running one included, and how many seconds one waits.
MOST = 4
PATIENCE = 4.0

_waiting = threading.BoundedSemaphore(MOST)
_running = threading.Lock()


class Busy(Exception):
    """Too many scans are under way in this process."""


@contextlib.contextmanager
def turn() -> Iterator[None]:
    """Wait for the turn. Raises Busy where others wait already, or the wait is too long."""
    if not _waiting.acquire(blocking=False):
        raise Busy
    try:
        if not _running.acquire(timeout=PATIENCE):
            raise Busy
        try:
            yield
        finally:
            _running.release()
    finally:
        _waiting.release()
