"""A fresh start."""

from __future__ import annotations

from django.db import transaction

from . import conf
from .models import Attempt, Delivery, Fault, IdempotencyKey, LoggedRequest, Stored, Task


def clear() -> None:
    """Delete all that the sandbox has stored, but for the addresses it was seen at."""
    with transaction.atomic(using=conf.DATABASE):
        for model in (Attempt, Delivery, Fault, IdempotencyKey, LoggedRequest, Task, Stored):
            model.objects.all().delete()
