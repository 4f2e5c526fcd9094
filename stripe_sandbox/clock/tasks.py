"""What time brings: each task's name, and what it does."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import transaction

from stripe_sandbox import conf
from stripe_sandbox.errors import Refused
from stripe_sandbox.models import Task
from stripe_sandbox.resources import effects

logger = logging.getLogger(__name__)

TASKS: dict[str, Callable[[str], None]] = {
    "authorization_expires": effects.authorization_expires,
    "charge_updated": effects.charge_updated,
    "dispute": effects.dispute,
    "konbini_expires": effects.konbini_expires,
    "konbini_paid": effects.konbini_paid,
    "refund_fail": effects.refund_fails,
    "refund_pending": effects.refund_succeeds,
    "session_expires": effects.session_expires,
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
