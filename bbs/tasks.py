"""Runs tasks in a thread of the process that enqueues them: no visitor and no webhook waits for a mail server."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import django
from django.db import close_old_connections

if django.VERSION >= (6, 0):
    from django.tasks import task
    from django.tasks.backends.immediate import ImmediateBackend
    from django.tasks.base import Task, TaskResult
else:
    from django_tasks import task
    from django_tasks.backends.immediate import ImmediateBackend
    from django_tasks.base import Task, TaskResult

__all__ = ["Task", "ThreadBackend", "task", "wait_for_thread"]


class ThreadBackend(ImmediateBackend):
    """Run each task as Django's immediate backend does, but in the thread of this process, in turn.

    A process that ends runs first what it has enqueued. Tasks are kept in memory: a killed process loses its own.
    """

    def _execute_task(self, task_result: TaskResult) -> None:
        _thread(os.getpid()).submit(_run, super()._execute_task, task_result)


def wait_for_thread() -> None:
    """Wait until the tasks that this process has enqueued by now were run, if a thread runs them."""
    if _thread.cache_info().currsize:
        _thread(os.getpid()).submit(int).result()


@lru_cache(maxsize=1)
def _thread(process: int) -> ThreadPoolExecutor:
    """Return the thread of a process: a fork has none of its parent's. Python joins it when the process ends."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="tasks")


def _run(execute: Callable[[TaskResult], None], task_result: TaskResult) -> None:
    """Run a task with connections to the database as fresh as those of a request."""
    close_old_connections()
    try:
        execute(task_result)
    finally:
        close_old_connections()
