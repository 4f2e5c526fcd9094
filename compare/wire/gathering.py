"""The calls to Stripe that belong to the request being answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from compare.wire import recorder
from compare.wire.recorder import Recorded

_calls: ContextVar[list[Recorded] | None] = ContextVar("calls", default=None)


@contextmanager
def gathering() -> Iterator[list[Recorded]]:
    """Gather the calls that are made in this block."""
    calls: list[Recorded] = []
    token = _calls.set(calls)
    try:
        yield calls
    finally:
        _calls.reset(token)


def record_call(call: Recorded) -> None:
    """Add a call to those of the request being answered, or store it where there is no request."""
    calls = _calls.get()
    if calls is None:
        recorder.store([call])
    else:
        calls.append(call)
