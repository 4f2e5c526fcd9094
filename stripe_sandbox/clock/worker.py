"""The thread that does what Stripe does without a call, when it is due."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from django.db import OperationalError, connections

from stripe_sandbox import conf

from .schedule import bell

logger = logging.getLogger(__name__)

_lock = threading.Lock()
_thread: threading.Thread | None = None
_helpers: set[threading.Thread] = set()
_stopping = threading.Event()
# Seconds between two looks into the database, where another process may have left work.
_LOOK = 2.0


class Job(Protocol):
    """One kind of work: deliveries to make, or effects of time. None may keep the others waiting."""

    def next_due(self) -> float | None:
        """Return when there is something to do, in seconds since 1970, or None."""

    def do_next(self, now: float) -> bool:
        """Do the next thing that is due; return whether there was one."""


def start(*jobs: Job) -> None:
    """Start the thread of this process, if it has none and the settings want one: called where pages are served."""
    global _thread
    if (_thread and _thread.is_alive()) or conf.get("DELIVERIES") != "thread":
        return
    with _lock:
        # A server that forks leaves the thread behind: its children start one each.
        if not (_thread and _thread.is_alive()):
            _thread = threading.Thread(target=_run, args=(jobs,), name="stripe-sandbox", daemon=True)
            _thread.start()


def helper(work: Callable[..., None], *values: object) -> threading.Thread:
    """Start a thread for work of a job's that takes long, and return it; `stop` waits for it."""
    thread = threading.Thread(target=work, args=values, name="stripe-sandbox-helper", daemon=True)
    _helpers.difference_update([other for other in tuple(_helpers) if not other.is_alive()])
    thread.start()
    _helpers.add(thread)
    return thread


def is_stopping() -> bool:
    """Return whether a helper should begin nothing more."""
    return _stopping.is_set()


def stop() -> None:
    """End the thread and its helpers once their work in hand is done; a later `start` makes a new one."""
    global _thread
    with _lock:
        if _thread is not None:
            _stopping.set()
            bell.set()
            _thread.join()
            for thread in tuple(_helpers):
                thread.join()
            _stopping.clear()
            _thread = None


def _run(jobs: tuple[Job, ...]) -> None:
    try:
        while not _stopping.is_set():
            if not bell.wait(work(jobs)):
                connections[conf.DATABASE].close()  # kept as long as one piece of work follows another
            bell.clear()
    finally:
        connections[conf.DATABASE].close()


def work(jobs: tuple[Job, ...]) -> float:
    """Do all that is due now, the jobs in turns; return the seconds until there is more, or to look once more.

    A job that fails is tried again next time, and the others go on.
    """
    going, done = list(jobs), True
    while done and not _stopping.is_set():
        done = False
        for job in tuple(going):  # each of them, whatever the ones before it have done
            done |= bool(_guarded(going, job, lambda job: job.do_next(time.time())))
    moments = [_guarded(going, job, lambda job: job.next_due()) for job in tuple(going)]
    return max(0.0, min([time.time() + _LOOK, *(moment for moment in moments if moment is not None)]) - time.time())


def _guarded(going: list[Job], job: Job, call: Callable[[Job], float | None]) -> float | None:
    """Return what a job answers, or None where it fails, and take it out of those that are going."""
    try:
        return call(job)
    except OperationalError as error:
        # The database is busy or not migrated yet: nothing is lost by looking again.
        logger.warning("The sandbox's database cannot be used (%s): deliveries wait.", error)
    except Exception:  # whatever it is: a thread that ended would take all later deliveries with it
        logger.exception("The sandbox's thread failed at its work, and will try it again.")
    going.remove(job)
    return None
