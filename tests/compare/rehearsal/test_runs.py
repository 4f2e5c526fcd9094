"""A rehearsal runs in the background, one at a time, and its row says how far it is and how it ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from compare.models import Rehearsal
from compare.rehearsal import rehearsing, runs
from compare.rehearsal.rehearsing import Broken, Progress, Refused
from compare.rehearsal.report import Report
from tests.compare.stage.reports import report

pytestmark = pytest.mark.django_db


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """What would run in the background."""
    found: list[tuple[int, int]] = []

    class Thread:
        def __init__(self, target: object, args: list[int], **named: object) -> None:
            self.args = args

        def start(self) -> None:
            found.append(tuple(self.args))

    monkeypatch.setattr(threading, "Thread", Thread)
    monkeypatch.setattr(runs.connections, "close_all", lambda: None)
    return found


def steps(monkeypatch: pytest.MonkeyPatch, *given: Progress | Report | Exception) -> None:
    def rehearse(visitors: int) -> Iterator[Progress | Report]:
        for step in given:
            if isinstance(step, Exception):
                raise step
            yield step

    monkeypatch.setattr(rehearsing, "rehearse", rehearse)


def test_one_runs_at_a_time_and_its_row_is_followed_to_the_report(started, monkeypatch: pytest.MonkeyPatch) -> None:
    steps(monkeypatch, Progress(1, 6, 0), Progress(6, 6, 100), report())

    made = runs.start(6)
    with pytest.raises(runs.UnderWay):
        runs.start(6)
    assert started == [(made.pk, 6)]
    runs.run(made.pk, 6)

    ended = runs.latest()
    assert ended
    assert Report.read(ended.report) == report()
    assert (ended.is_running, ended.done, ended.share, ended.failure) == (False, 6, 100, "")
    assert runs.start(6).pk != made.pk


@pytest.mark.parametrize("error", [Broken("as ordered"), Refused("no sandbox"), RuntimeError("a fault of ours")])
def test_one_that_breaks_is_noted_and_logged(
    started, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    steps(monkeypatch, error)

    runs.run(runs.start(6).pk, 6)

    ended = runs.latest()
    assert ended
    assert (ended.is_running, ended.failure, ended.report) == (False, str(error), None)
    assert str(error) in caplog.text


def test_one_whose_server_was_stopped_holds_up_no_other(started) -> None:
    made = runs.start(6)
    Rehearsal.objects.filter(pk=made.pk).update(seen_at=timezone.now() - runs.SILENT - timedelta(seconds=1))

    assert runs.start(6).pk != made.pk

    made.refresh_from_db()
    assert (made.is_running, made.failure) == (False, "The server was stopped.")


def test_one_whose_row_was_deleted_goes_on_no_further(started, monkeypatch: pytest.MonkeyPatch) -> None:
    made = runs.start(6)
    Rehearsal.objects.all().delete()
    steps(monkeypatch, Progress(1, 6, 0), RuntimeError("it went on"))

    runs.run(made.pk, 6)

    assert not Rehearsal.objects.exists()


def test_the_newest_are_kept(started) -> None:
    for _ in range(runs.KEPT + 2):
        Rehearsal.objects.filter(pk=runs.start(6).pk).update(is_running=False)

    assert Rehearsal.objects.count() == runs.KEPT
