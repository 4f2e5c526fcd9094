"""Tasks in a thread of the process: after the caller went on, in turn, and all of them before the process ends."""

from __future__ import annotations

import os
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections

from bbs import tasks
from bbs.tasks import task
from tests.stage import sites

may_go_on = threading.Event()
done: list[object] = []


@task()
def note(text: str) -> None:
    done.append(text)


@task()
def wait_and_note(text: str) -> None:
    assert may_go_on.wait(60)
    done.append(text)


@task()
def fail() -> None:
    raise ZeroDivisionError


@task()
def outlive_the_connection() -> None:
    """Leave a connection that is too old to be used again, as a server's end of it does."""
    connection.ensure_connection()
    done.append(connections["default"])
    connection.close_at = 0


@contextmanager
def being_answered() -> Iterator[None]:
    """Answer a request meanwhile."""
    tasks._requests._begin()
    yield
    tasks._requests._end()


@pytest.fixture(autouse=True)
def _nothing_done_yet(task_thread: None) -> None:
    may_go_on.clear()
    done.clear()


def test_the_caller_goes_on_and_the_tasks_are_run_in_turn() -> None:
    wait_and_note.enqueue("first")
    note.enqueue("second")
    before = list(done)
    may_go_on.set()
    tasks.wait_for_thread()

    assert (before, done) == ([], ["first", "second"])


def test_one_waits_while_a_request_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "PATIENCE", 60)

    with being_answered():
        note.enqueue("after the request")
        done.append("the request")
    tasks.wait_for_thread()

    assert done == ["the request", "after the request"]


def test_one_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "PATIENCE", 0.01)

    with being_answered():
        note.enqueue("task")
        tasks.wait_for_thread()
        done.append("the request")

    assert done == ["task", "the request"]


def test_one_that_fails_leaves_its_traceback_once_and_the_next_is_run(caplog: pytest.LogCaptureFixture) -> None:
    fail.enqueue()
    note.enqueue("next")
    tasks.wait_for_thread()

    (record,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert isinstance(record.exc_info[1], ZeroDivisionError)
    assert done == ["next"]


@pytest.mark.django_db(transaction=True)
def test_each_has_connections_as_fresh_as_those_of_a_request() -> None:
    outlive_the_connection.enqueue()
    tasks.wait_for_thread()

    (used,) = done
    assert used is not connections["default"]
    assert used.connection is None


def test_where_no_thread_runs_them_none_is_begun_to_wait_for() -> None:
    tasks.wait_for_thread()

    assert tasks._thread.cache_info().currsize == 0


def run(folder: Path, code: str) -> list[str]:
    """Run code in a process on the site's default settings, to its end; return the lines that it printed."""
    begin = "import os, django; django.setup(); from tests.stage.errands import say_later\n"
    status, said = sites.python(folder, "-W", "ignore", "-c", begin + textwrap.dedent(code))
    assert status == 0, said
    return said.splitlines()


def test_a_process_that_ends_runs_first_what_it_has_enqueued(tmp_path: Path) -> None:
    code = """
        for number in range(3):
            say_later.enqueue(f"task {number}")
        print("the end", flush=True)
    """

    assert run(tmp_path, code) == ["the end", "task 0", "task 1", "task 2"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is none on Windows")
def test_a_fork_has_a_thread_of_its_own(tmp_path: Path) -> None:
    code = """
        from bbs import tasks
        say_later.enqueue("parent")
        tasks.wait_for_thread()
        if child := os.fork():
            os.waitpid(child, 0)
            say_later.enqueue("parent again")
        else:
            say_later.enqueue("child")
    """

    assert run(tmp_path, code) == ["parent", "child", "parent again"]
