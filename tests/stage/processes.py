"""Other processes on the databases of the test that starts them: to be many at once, and to be killed.

Each has its own connections, as on another machine. Their mails go into files of one folder.
"""

from __future__ import annotations

import functools
import json
import multiprocessing
import os
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from multiprocessing.synchronize import Barrier
from pathlib import Path
from unittest import mock

import django
from django.conf import settings
from django.core.signals import setting_changed
from django.db import connections

PATIENCE = 60  # seconds that one process may take
FILES = "django.core.mail.backends.filebased.EmailBackend"
_barrier: Barrier


@functools.cache
def _context() -> BaseContext:
    """Return a way to start processes that are forked from one without threads and connections."""
    names = {alias: str(connections[alias].settings_dict["NAME"]) for alias in connections}
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.stage.preloaded"])
    with mock.patch.dict(os.environ, TEST_DATABASES=json.dumps(names)):
        forkserver.ensure_running()
    return context


def mails_through(backend: str, **options: str) -> dict[str, object]:
    """Return the settings that make mails go through this backend."""
    if django.VERSION >= (6, 1):
        return {"MAILERS": {"default": {"BACKEND": backend, "OPTIONS": options}}}
    return {"EMAIL_BACKEND": backend, **{f"EMAIL_{name.upper()}": value for name, value in options.items()}}


def _change(changes: dict[str, object]) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
        setting_changed.send(sender=None, setting=name, value=value, enter=True)


class Crowd:
    """Processes that begin at the same moment."""

    def __init__(self, pool: ProcessPoolExecutor, size: int) -> None:
        self._pool = pool
        self.size = size

    def at_once(self, work: Callable[..., object], *argument_lists: list[object]) -> list[object]:
        """Call `work` in every process; the first one with the first of each list, over again if they are short."""
        rows = [[values[n % len(values)] for values in argument_lists] for n in range(self.size)]
        return [future.result(PATIENCE) for future in [self._pool.submit(_together, work, *row) for row in rows]]


@contextmanager
def crowd(size: int, mails: Path) -> Iterator[Crowd]:
    barrier = _context().Barrier(size)
    changes = mails_through(FILES, file_path=str(mails))
    with ProcessPoolExecutor(size, _context(), _join_crowd, (barrier, changes)) as pool:
        yield Crowd(pool, size)


def _join_crowd(barrier: Barrier, changes: dict[str, object]) -> None:
    global _barrier
    _barrier = barrier
    _change(changes)


def _together(work: Callable[..., object], *arguments: object) -> object:
    _barrier.wait(PATIENCE)
    return work(*arguments)


def alone(work: Callable[..., object], *arguments: object, mails: Path, **changes: object) -> int:
    """Call `work` in one process with these settings; return its exit code, negative when a signal ended it."""
    changes = mails_through(FILES, file_path=str(mails)) | changes
    # Pickled apart: what it names can be imported only where Django is set up.
    process = _context().Process(target=_run, args=(pickle.dumps((work, arguments)), changes))
    process.start()
    process.join(PATIENCE)
    return process.exitcode


def _run(errand: bytes, changes: dict[str, object]) -> None:
    _change(changes)
    work, arguments = pickle.loads(errand)  # noqa: S301  (from the test itself)
    work(*arguments)
