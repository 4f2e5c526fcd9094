"""What Stripe does by itself, later: planned in the database, done by the worker."""

from __future__ import annotations

import time

from stripe_sandbox.models import Task

from . import alarm


def later(name: str, subject: str, seconds: float) -> None:
    """Plan the task `name` for the object `subject` in `seconds`."""
    at(name, subject, time.time() + seconds)


def at(name: str, subject: str, due: float) -> None:
    """Plan the task `name` for the object `subject` at a time, in seconds since 1970."""
    Task.objects.create(name=name, subject=subject, due=due)
    alarm.ring_on_commit()


def cancel(name: str, subject: str) -> None:
    """Forget the task."""
    Task.objects.filter(name=name, subject=subject).delete()
