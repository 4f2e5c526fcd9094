"""Runs: one at a time for each visitor, limited, done apart, and kept as long as there is room."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from bbs.limits import LimitReached
from bbs.models import Payment
from compare.apart.process import Died, Failed, Process
from compare.content import content
from compare.content.lab import Scenario
from compare.lab import runner
from compare.lab.results import documented, found
from compare.lab.runner import Worker
from compare.models import LabRun

pytestmark = pytest.mark.django_db(transaction=True)


def scenario(name: str = "tab-closed") -> Scenario:
    return content().lab.scenario(name)


def ask(visitor: uuid.UUID | None = None) -> HttpRequest:
    request = RequestFactory().post("/compare/lab/run/")
    request.new_visitor = visitor or uuid.uuid4()
    return request


class Apart:
    """A process that answers once, and dies, or says that it failed, as it is asked to."""

    started = 0

    def __init__(self, work: str) -> None:
        type(self).started += 1

    def ask(self, patience: float, scenario: str, **errand: object) -> Iterator[dict[str, Any]]:
        yield {"rung": "legacy-1"}
        if scenario == "dispute":
            raise Died
        if scenario == "double-click":
            raise Failed("as ordered")

    def end(self) -> None:
        """There is nothing to end."""


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    """A worker with processes that cost nothing."""
    worker = Worker(idle=0.01)
    monkeypatch.setattr(Apart, "started", 0)
    monkeypatch.setattr(runner, "Process", Apart)
    monkeypatch.setattr(runner, "_worker", lambda process: worker)
    return worker


@pytest.fixture
def asleep(worker: Worker) -> Worker:
    """The same, and it does nothing yet."""
    worker.thread = threading.current_thread()
    return worker


def test_a_run_is_done_apart_and_its_outcomes_are_the_documented_ones(
    worker: Worker, apart: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Apart, "ask", lambda self, patience, **errand: apart.ask(patience, **errand))

    run = runner.start(ask(), scenario())

    runner.wait()

    run.refresh_from_db()
    expected = documented(scenario(), runner.columns(scenario()))
    assert (run.state, run.is_finished) == ("done", True)
    assert [column.outcome for column in found(run.results)] == [column.outcome for column in expected]
    assert not Payment.objects.exists()


def test_what_fails_or_dies_fails_alone(worker: Worker) -> None:
    runs = [runner.start(ask(), scenario(name)) for name in ("double-click", "dispute", "tab-closed")]

    runner.wait()

    assert [LabRun.objects.get(pk=run.pk).state for run in runs] == ["failed", "failed", "done"]
    assert LabRun.objects.get(pk=runs[0].pk).results == [{"rung": "legacy-1"}]


def test_a_process_that_dies_is_started_anew_and_one_that_is_idle_ends(worker: Worker) -> None:
    worker._idle = 5
    for name in ("tab-closed", "dispute", "tab-closed"):
        runner.start(ask(), scenario(name))
    runner.wait()
    assert Apart.started == 2

    thread = worker.thread
    worker._idle = 0.01
    runner.start(ask(), scenario())
    thread.join()

    assert worker.thread is None


def test_a_visitor_has_one_run_at_a_time(asleep: Worker) -> None:
    hanako = uuid.uuid4()
    first = runner.start(ask(hanako), scenario())

    assert runner.start(ask(hanako), scenario("dispute")) == first
    assert runner.start(ask(), scenario("dispute")) != first

    LabRun.objects.filter(pk=first.pk).update(created_at=timezone.now() - runner.GIVEN_UP - timedelta(seconds=1))
    assert runner.start(ask(hanako), scenario("dispute")) != first
    first.refresh_from_db()
    assert first.state == "failed"


def test_two_requests_at_once_start_one_run(asleep: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    hanako = uuid.uuid4()
    other = LabRun.objects.create(visitor=hanako, scenario="dispute", language="en")
    unseen = iter([None])
    first = LabRun.objects.all().__class__.first
    monkeypatch.setattr("django.db.models.query.QuerySet.first", lambda rows: next(unseen, first(rows)))

    assert runner.start(ask(hanako), scenario()) == other


def test_runs_are_limited_and_so_is_the_queue(asleep: Worker) -> None:
    hanako = uuid.uuid4()
    for _ in range(runner.RUNS_PER_MINUTE):
        asleep._runs.queue.clear()
        runner.start(ask(hanako), scenario())
        LabRun.objects.update(state="done")

    with pytest.raises(LimitReached):
        runner.start(ask(hanako), scenario())

    for _ in range(runner.MOST_WAITING - len(asleep._runs.queue)):
        runner.start(ask(), scenario())
    kept = LabRun.objects.count()
    with pytest.raises(runner.Busy):
        runner.start(ask(), scenario())
    assert LabRun.objects.count() == kept


def test_only_the_newest_runs_are_kept(asleep: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "KEPT", 2)

    runs = [runner.start(ask(), scenario()) for _ in range(4)]

    assert set(LabRun.objects.all()) == set(runs[2:])


def test_the_columns_are_the_ends_of_each_flow_that_can_meet_a_scenario() -> None:
    assert runner.columns(scenario()) == ["legacy-1", "legacy-5", "modern-1", "modern-6"]
    assert runner.columns(scenario("konbini-later")) == ["modern-1", "modern-6"]
