"""Rehearsals that are started on the page: in the background, one at a time, with their progress in the database."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from compare.models import Rehearsal
from compare.rehearsal import rehearsing
from compare.rehearsal.report import Report

logger = logging.getLogger(__name__)
# A rehearsal without a sign of life for so long has ended with its server.
SILENT = timedelta(minutes=3)
# Seconds between two writes of the progress.
PAUSE = 0.5
# How many are kept.
KEPT = 10


class UnderWay(Exception):
    """A rehearsal is running already."""


def latest() -> Rehearsal | None:
    """Return the newest rehearsal; one that ended with its server no longer runs."""
    found = Rehearsal.objects.first()
    if found and found.is_running and found.seen_at < timezone.now() - SILENT:
        _note(found.pk, is_running=False, failure="The server was stopped.")
        found.refresh_from_db()
    return found


def start(visitors: int) -> Rehearsal:
    """Start a rehearsal in the background. Raises UnderWay, and rehearsing.Refused."""
    rehearsing.refuse_with_keys()
    latest()
    try:
        with transaction.atomic():
            made = Rehearsal.objects.create(visitors=visitors)
    except IntegrityError:
        raise UnderWay from None
    kept = Rehearsal.objects.values_list("pk", flat=True)[:KEPT]
    Rehearsal.objects.exclude(pk__in=list(kept)).delete()
    threading.Thread(target=run, args=[made.pk, visitors], name="rehearsal", daemon=True).start()
    return made


def run(pk: int, visitors: int) -> None:
    """Rehearse, and write the progress and the outcome to the row."""
    try:
        _follow(pk, visitors)
    except Exception as error:  # whatever it is, the page must not wait for ever
        logger.exception("The rehearsal ended before its end.")
        _note(pk, is_running=False, failure=str(error) or type(error).__name__)
    finally:
        connections.close_all()


def _follow(pk: int, visitors: int) -> None:
    written = 0.0
    for step in rehearsing.rehearse(visitors):
        if isinstance(step, Report):
            _note(pk, is_running=False, done=visitors, report=step.data)
        elif time.monotonic() > written + PAUSE or step.done == visitors:
            written = time.monotonic()
            if not _note(pk, done=step.done, share=step.share):
                return  # it was deleted, with all that a reset deletes


def _note(pk: int, **values: object) -> bool:
    return bool(Rehearsal.objects.filter(pk=pk).update(seen_at=timezone.now(), **values))
