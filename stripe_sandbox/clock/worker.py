"""The thread that does what Stripe does by itself, when it is due."""

from __future__ import annotations

import logging
import threading
import time
from typing import Protocol

from django.db import OperationalError, connections

from stripe_sandbox import conf

from .schedule import bell

logger = logging.getLogger(__name__)

_lock = threading.Lock()
_thread: threading.Thread | None = None
_stopping = threading.Event()
# Seconds between two looks into the database, where another process may have left work.
_LOOK = 2.0


class Job(Protocol):
    """One kind of work: deliveries to make, or effects of time."""

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


def stop() -> None:
    """End the thread once its work in hand is done; a later `start` makes a new one."""
    global _thread
    with _lock:
        if _thread is not None:
            _stopping.set()
            bell.set()
            _thread.join()
            _stopping.clear()
            _thread = None


def _run(jobs: tuple[Job, ...]) -> None:
    while not _stopping.is_set():
        try:
            work(jobs)
            pause = _pause(jobs)
        except OperationalError as error:
            # The database is busy or not migrated yet: nothing is lost by looking again.
            logger.warning("The sandbox's database cannot be used (%s): deliveries wait.", error)
            pause = _LOOK
        except Exception:  # whatever it is: a thread that ended would take all later deliveries with it
            logger.exception("The sandbox's thread failed at its work, and will try it again.")
            pause = _LOOK
        finally:
            connections[conf.DATABASE].close()
        bell.wait(pause)
        bell.clear()


def _pause(jobs: tuple[Job, ...]) -> float:
    moments = [moment for job in jobs if (moment := job.next_due()) is not None]
    return max(0.0, min([time.time() + _LOOK, *moments]) - time.time())


def work(jobs: tuple[Job, ...]) -> None:
    """Do all that is due now."""
    done = [True]
    while any(done):
        done = [job.do_next(time.time()) for job in jobs]
