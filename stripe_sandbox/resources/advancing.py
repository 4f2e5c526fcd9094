"""Advancing an account's clock: what Stripe does without a call in a year happens in seconds, in order."""

from __future__ import annotations

import threading
import time
from itertools import islice
from typing import NamedTuple

from django.db import transaction

from stripe_sandbox import accounts, conf, store
from stripe_sandbox.clock import schedule, tasks
from stripe_sandbox.errors import ApiError
from stripe_sandbox.webhooks import deliveries

from . import effects

_YEAR = 366 * 24 * 3600
# Seconds by which a clock can be advanced at once, and be ahead of the real one in all.
MOST, FURTHEST = _YEAR, 10 * _YEAR
# So many effects are one transaction: faster than one each, and others that write wait for less than a second.
_TOGETHER = 100
_one_at_a_time = threading.Lock()


class Happened(NamedTuple):
    """One thing that Stripe did without a call: when by the account's clock, which, and about what object."""

    at: int
    task: str
    object: str


def advance(seconds: float) -> list[Happened]:
    """Let time pass for the served account, each effect at its own moment; return what happened, in order.

    Raises ApiError for more than a year, and for more than ten in all.
    """
    if not 0 <= seconds <= MOST:
        raise ApiError(f"This value must be between 0 and {MOST} seconds.", param="seconds")
    served = accounts.current()
    with _one_at_a_time, accounts.acting_for(accounts.by_id(served.pk) or served):  # as it is now
        ahead = accounts.current().clock_ahead + seconds
        if ahead > FURTHEST:
            raise ApiError(f"A clock can be at most {FURTHEST} seconds ahead: clear the account.", param="seconds")
        deliveries.bring_forward(seconds)
        happened = _pass_by(store.moment() + seconds)
        accounts.set_clock(ahead)
    served.clock_ahead = ahead
    schedule.bell.set()
    return happened


def _pass_by(target: float) -> list[Happened]:
    """Let all happen that is due by a time of the account's clock."""
    happened: list[Happened] = []
    while True:
        with transaction.atomic(using=conf.DATABASE):
            few = list(islice(iter(lambda: _next(target), None), _TOGETHER))
            accounts.set_clock(accounts.current().clock_ahead)
        happened += few
        if len(few) < _TOGETHER:
            return happened


def _next(target: float) -> Happened | None:
    """Let the next effect happen that is due by `target`, with the clock at its moment."""
    task = tasks.peek()
    if task is None or task.due > target:
        return None
    account, moment = accounts.current(), max(task.due, store.moment())
    account.clock_ahead = max(account.clock_ahead, task.due - time.time())
    effects.do_own(moment)
    return Happened(int(moment), task.name, task.subject)
