"""Change an object, and tell it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .models import Stored
from .webhooks import events


@contextmanager
def changing(stored: Stored, event: str = "", *, asked: bool = True) -> Iterator[dict[str, Any]]:
    """Yield the object's body to be changed, save it, and emit `event` with what changed."""
    before = copy.deepcopy(stored.body)
    yield stored.body
    stored.save()
    if event and stored.body != before:
        events.emit(event, stored.body, before=before, asked=asked)
