"""What time brings: each task's name, and what it does."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import transaction

from . import conf, later
from .errors import Refused
from .models import Task

logger = logging.getLogger(__name__)

TASKS: dict[str, Callable[[str], None]] = {
    "authorization_expires": later.authorization_expires,
    "charge_updated": later.charge_updated,
    "dispute": later.dispute,
    "konbini_expires": later.konbini_expires,
    "konbini_paid": later.konbini_paid,
    "refund_fail": later.refund_fails,
    "refund_pending": later.refund_succeeds,
    "session_expires": later.session_expires,
}


def do_next(now: float) -> bool:
    """Do the next due task, if any: deleting it and what it does are one transaction, so that it happens once."""
    due = next_due()
    if due is None or due > now:
        return False
    with transaction.atomic(using=conf.DATABASE):
        task = Task.objects.filter(due__lte=now).order_by("due", "pk").first()
        if task is None:
            return False
        task.delete()
        try:
            with transaction.atomic(using=conf.DATABASE):
                TASKS[task.name](task.subject)
        except Refused as refused:
            # What it was about is gone, or has gone on without it: nothing is left to do.
            logger.info("%s of %s came too late: %s", task.name, task.subject, refused)
        return True


def next_due() -> float | None:
    """Return when the next task is due, or None."""
    return Task.objects.order_by("due").values_list("due", flat=True).first()
