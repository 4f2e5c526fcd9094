"""What Stripe does later, without a call: planned in the database, done by the worker."""

from __future__ import annotations

import threading

from django.db import transaction

from stripe_sandbox import conf, store
from stripe_sandbox.models import Task

bell = threading.Event()


def later(name: str, subject: str, seconds: float) -> None:
    """Plan the task `name` for the object `subject` in `seconds`."""
    at(name, subject, store.moment() + seconds)


def at(name: str, subject: str, due: float) -> None:
    """Plan the task `name` for the object `subject` at a time by the account's clock, in seconds since 1970."""
    Task(name=name, subject=subject, due=due).insert()
    ring_on_commit()


def cancel(name: str, subject: str) -> None:
    """Forget the task."""
    Task.objects.filter(name=name, subject=subject).delete()


def ring_on_commit() -> None:
    """Wake the thread as soon as the transaction in progress is committed."""
    transaction.on_commit(bell.set, using=conf.DATABASE)
