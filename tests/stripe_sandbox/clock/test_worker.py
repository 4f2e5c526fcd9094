"""The thread that does what is due."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError

from stripe_sandbox.clock import worker
from stripe_sandbox.clock.schedule import bell
from tests.stripe_sandbox.stage.server import until


class Job:
    """Work of which there is `left`; `broken` times it fails first, by default since the database cannot be reached."""

    def __init__(self, left: int, broken: int = 0, error: type[Exception] = OperationalError) -> None:
        self.left, self.broken, self.done, self.error = left, broken, 0, error
        self.threads: set[int] = set()

    def next_due(self) -> float | None:
        return time.time() if self.left else None

    def do_next(self, now: float) -> bool:
        self.threads.add(threading.get_ident())
        if self.broken:
            self.broken -= 1
            raise self.error
        if not self.left:
            return False
        self.left -= 1
        self.done += 1
        return True


@pytest.fixture(autouse=True)
def _running(settings: Any) -> Iterator[None]:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"DELIVERIES": "thread"}
    yield
    worker.stop()


def test_it_does_all_jobs_in_one_thread_of_its_own() -> None:
    jobs = Job(3), Job(2)

    for _ in range(5):
        worker.start(*jobs)
    until(lambda: [job.left for job in jobs] == [0, 0])

    assert [job.done for job in jobs] == [3, 2]
    threads = jobs[0].threads | jobs[1].threads
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_the_bell_wakes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_LOOK", 3600)  # nothing else would
    job = Job(0)
    worker.start(job)
    until(lambda: job.threads)

    job.left = 1
    bell.set()

    until(lambda: job.done == 1)


@pytest.mark.parametrize("error", [OperationalError, KeyError])
def test_it_goes_on_after_what_failed_and_says_so(error: type[Exception], caplog: pytest.LogCaptureFixture) -> None:
    job = Job(1, broken=1, error=error)

    worker.start(job)
    until(lambda: not job.broken)
    bell.set()
    until(lambda: job.done == 1)

    assert len(caplog.records) == 1
    assert ("Traceback" in caplog.text) is (error is KeyError)


def test_one_job_that_fails_again_and_again_keeps_no_other_waiting() -> None:
    broken, good = Job(1, broken=1_000_000, error=KeyError), Job(3)

    worker.start(broken, good)

    until(lambda: good.done == 3)
    assert broken.done == 0


def test_a_helper_is_waited_for_when_it_stops() -> None:
    seen: list[bool] = []
    worker.start(Job(0))
    assert worker.is_stopping() is False

    def work() -> None:
        until(worker.is_stopping)
        seen.append(True)

    thread = worker.helper(work)
    worker.stop()

    assert seen == [True]
    assert not thread.is_alive()
    assert worker.is_stopping() is False


def test_nothing_runs_where_deliveries_are_by_hand(settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"DELIVERIES": "manual"}
    before = threading.active_count()

    worker.start(Job(1))

    assert threading.active_count() == before


def test_once_stopped_it_can_be_started_again() -> None:
    worker.start(Job(1))
    worker.stop()
    second = Job(1)

    worker.start(second)

    until(lambda: second.done == 1)
