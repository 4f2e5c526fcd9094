"""The bell by which whoever leaves work wakes the thread that does it."""

from __future__ import annotations

import threading

from django.db import transaction

from stripe_sandbox import conf

bell = threading.Event()


def ring_on_commit() -> None:
    """Wake the thread as soon as the transaction in progress is committed."""
    transaction.on_commit(bell.set, using=conf.DATABASE)
