"""Runs tasks in a thread of the process that enqueues them: no visitor and no webhook waits for a mail server."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING

import django
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

if TYPE_CHECKING or django.VERSION >= (6, 0):
    from django.tasks import task
    from django.tasks.backends.immediate import ImmediateBackend
    from django.tasks.base import Task, TaskResult
else:
    from django_tasks import task
    from django_tasks.backends.immediate import ImmediateBackend
    from django_tasks.base import Task, TaskResult

__all__ = ["Task", "ThreadBackend", "task", "wait_for_thread"]

# Seconds for which a task may wait while requests are being answered: one Python does both, and requests come first.
PATIENCE = 1


class ThreadBackend(ImmediateBackend):
    """Run each task as Django's immediate backend does, but in the thread of this process, in turn.

    A process that ends runs first what it has enqueued. Tasks are kept in memory: a killed process loses its own.
    """

    def _execute_task(self, task_result: TaskResult) -> None:
        latest = time.monotonic() + PATIENCE
        _thread(os.getpid()).submit(_run, super()._execute_task, task_result, latest)  # type: ignore[misc]  # the stubs name nothing private


def wait_for_thread() -> None:
    """Wait until the tasks that this process has enqueued by now were run, if a thread runs them."""
    if _thread.cache_info().currsize:
        _thread(os.getpid()).submit(int).result()


@lru_cache(maxsize=1)
def _thread(process: int) -> ThreadPoolExecutor:
    """Return the thread of a process: a fork has none of its parent's. Python joins it when the process ends."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="tasks")


def _run(execute: Callable[[TaskResult], None], task_result: TaskResult, latest: float) -> None:
    """Run a task once no request is being answered, with connections to the database as fresh as a request's."""
    with _requests.changed:
        _requests.changed.wait_for(lambda: not _requests.open, latest - time.monotonic())
    close_old_connections()
    try:
        execute(task_result)
    finally:
        close_old_connections()


class _Requests:
    """Counts the requests that this process is answering."""

    def __init__(self) -> None:
        self.open, self.changed = 0, threading.Condition()
        request_started.connect(self._begin)
        request_finished.connect(self._end)

    def _begin(self, **kwargs: object) -> None:
        with self.changed:
            self.open += 1

    def _end(self, **kwargs: object) -> None:
        with self.changed:
            self.open -= 1
            self.changed.notify_all()


_requests = _Requests()
