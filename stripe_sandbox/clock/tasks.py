"""Tasks that have come due."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from django.db import connections, transaction

from stripe_sandbox import conf
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import Task

logger = logging.getLogger(__name__)


def do_next(now: float, effects: Mapping[str, Callable[[str], None]]) -> bool:
    """Do the served account's next due task, if any, as `effects` has it; return whether there was one.

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
    """Return when the next task of any account is due by the real clock, and whose it is, or None."""
    with connections[conf.DATABASE].cursor() as cursor:
        return cursor.execute(_NEXT).fetchone()


# Tasks are due by their account's clock: each of those that are ahead is asked by itself, and there are few.
_NEXT = """
SELECT at, account FROM (
    SELECT * FROM (SELECT due AS at, account FROM stripe_sandbox_task ORDER BY due LIMIT 1)
    UNION ALL
    SELECT (SELECT MIN(due) FROM stripe_sandbox_task WHERE account = a.id) - clock_ahead, a.id
    FROM stripe_sandbox_account a WHERE clock_ahead > 0
)
WHERE at IS NOT NULL ORDER BY at LIMIT 1
"""


def peek() -> Task | None:
    """Return the served account's next task, or None."""
    return Task.first("TRUE", order="due, id LIMIT 1")


def next_due() -> float | None:
    """Return when the served account's next task is due by its clock, or None."""
    return next((due for (due,) in Task.select_values("due", "TRUE", order="due LIMIT 1")), None)
