"""Tasks that have come due."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from django.db import transaction

from stripe_sandbox import conf
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import Task

logger = logging.getLogger(__name__)


def do_next(now: float, effects: Mapping[str, Callable[[str], None]]) -> bool:
    """Do the next due task, if any, as `effects` has it under its name; return whether there was one.

    Deleting the task and its effect are one transaction, so that it happens once.
    """
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
                effects[task.name](task.subject)
        except ApiError as refused:
            # What it was about is gone, or has gone on without it: nothing is left to do.
            logger.info("%s of %s came too late: %s", task.name, task.subject, refused)
        return True


def next_anywhere() -> tuple[float, int] | None:
    """Return when the next task of any account is due, and whose it is, or None."""
    return Task.everywhere.order_by("due").values_list("due", "account").first()


def next_due() -> float | None:
    """Return when the next task is due, or None."""
    return Task.objects.order_by("due").values_list("due", flat=True).first()
