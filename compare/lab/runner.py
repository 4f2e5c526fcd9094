"""The site's side of a run: who may start one, the process that does it, and where its results are kept.

Each process of the site has at most one shop apart. It is started for the first run, does one after the other, is
started anew where it died, and ends when nothing was asked of it for a while, or with the site. The results are rows,
so that any process of the site can show them.
"""

from __future__ import annotations

import functools
import logging
import os
import queue
import threading
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connections, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bbs.limits import LimitReached, count
from bbs.visitor import ensure_visitor_id
from compare.apart.process import Died, Failed, Process
from compare.content import content
from compare.content.lab import Scenario
from compare.models import LabRun

RUNS_PER_MINUTE = 10  # by one visitor; ten times as many from one address
MOST_WAITING = 20  # in each process of the site
KEPT = 200  # runs with their results, of all visitors
PATIENCE = 30.0  # seconds that a run may take
IDLE = 120.0  # seconds after which the process ends
# A process of the site that is killed leaves its runs unfinished; until then a visitor waits for theirs.
GIVEN_UP = timedelta(minutes=2)

logger = logging.getLogger(__name__)


class Busy(Exception):
    """Too many runs wait for their turn: nothing was started."""


def columns(scenario: Scenario) -> list[str]:
    """Return the rungs beside each other on a page: the article's and this site's, of each flow that can meet it."""
    ladder = content().ladder
    ends = [
        rung.id for flow in ("legacy", "modern") for rung in ladder.rungs_of(flow)[:: len(ladder.rungs_of(flow)) - 1]
    ]
    return [rung for rung in ends if rung in scenario.rungs]


def start(request: HttpRequest, scenario: Scenario) -> LabRun:
    """Start a run for the visitor, or return the one that is not finished yet: one at a time.

    Raises LimitReached and Busy.
    """
    visitor = ensure_visitor_id(request)
    unfinished = LabRun.objects.filter(visitor=visitor, state__in=LabRun.UNFINISHED)
    give_up(unfinished)
    if found := unfinished.first():
        return found
    try:
        with transaction.atomic():
            if wait := count(request, "lab", RUNS_PER_MINUTE):
                text = _("You can run another one in %d seconds.") % wait
                raise LimitReached("RUNS_PER_MINUTE", _("Too many runs"), text, wait)
            run = LabRun.objects.create(visitor=visitor, scenario=scenario.id, language=get_language() or "en")
    except IntegrityError:  # another request of the same visitor was first
        return unfinished.latest("created_at")
    try:
        _worker(os.getpid()).put(run.pk)
    except queue.Full:
        run.delete()
        raise Busy from None
    _forget_old_runs()
    return run


def give_up(runs: QuerySet[LabRun]) -> None:
    """Let those of some runs fail that are unfinished and for which a visitor has waited long enough."""
    late = runs.filter(state__in=LabRun.UNFINISHED, created_at__lt=timezone.now() - GIVEN_UP)
    late.update(state=LabRun.State.FAILED)


def wait() -> None:
    """Wait until this process has done the runs that it has started."""
    _worker(os.getpid()).join()


def _forget_old_runs() -> None:
    oldest = LabRun.objects.order_by("-created_at").values_list("created_at", flat=True)[KEPT : KEPT + 1].first()
    if oldest:
        LabRun.objects.filter(created_at__lte=oldest).delete()


class Worker:
    """A thread with a shop apart, for as long as there are runs to do; `idle` is how many seconds it waits for one."""

    def __init__(self, idle: float = IDLE) -> None:
        self._runs: queue.Queue[UUID] = queue.Queue(MOST_WAITING)
        self._idle = idle
        self._lock = threading.Lock()
        self.thread: threading.Thread | None = None

    def put(self, run: UUID) -> None:
        """Add a run to those that wait. Raises queue.Full."""
        with self._lock:
            self._runs.put_nowait(run)
            if self.thread is None:
                self.thread = threading.Thread(target=self._work, name="lab", daemon=True)
                self.thread.start()

    def join(self) -> None:
        """Wait until nothing waits."""
        self._runs.join()

    def _work(self) -> None:
        apart: Process | None = None
        while run := self._next():
            try:
                apart = apart or Process("compare.lab.work:run")
                _do(apart, run)
            except (Died, OSError) as error:
                logger.error("lab: %s", type(error).__name__)
                LabRun.objects.filter(pk=run).update(state=LabRun.State.FAILED)
                if apart:
                    apart.end()
                apart = None
            finally:
                connections.close_all()  # the next run may be long in coming
                self._runs.task_done()
        if apart:
            apart.end()

    def _next(self) -> UUID | None:
        """Return the next run; None, and from then on this thread is no longer the worker's, where there is none."""
        try:
            return self._runs.get(timeout=self._idle)
        except queue.Empty:
            with self._lock:
                if self._runs.empty():
                    self.thread = None
                    return None
            return self._runs.get()


@functools.lru_cache(maxsize=1)
def _worker(process: int) -> Worker:
    """Return the worker of a process: a fork has no thread of its parent's."""
    return Worker()


def _do(apart: Process, key: UUID) -> None:
    """Run a scenario in the shop apart, and keep each result as it comes. Raises Died."""
    rows = LabRun.objects.filter(pk=key)
    run = rows.first()
    scenario = content().lab.scenario(run.scenario) if run else None
    if run is None or scenario is None:
        return
    rows.update(state=LabRun.State.RUNNING)
    try:
        for result in apart.ask(PATIENCE, scenario=scenario.id, rungs=columns(scenario), language=run.language):
            run.results.append(result)
            rows.update(results=run.results)
    except Failed as failed:
        logger.error("lab: %s failed\n%s", scenario.id, failed)
        rows.update(state=LabRun.State.FAILED)
    else:
        rows.update(state=LabRun.State.DONE)
