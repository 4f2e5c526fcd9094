"""The calls to Stripe that belong to the request being answered."""

from __future__ import annotations

from contextvars import ContextVar

from compare.wire import recorder
from compare.wire.recorder import Recorded

_calls: ContextVar[list[Recorded] | None] = ContextVar("calls", default=None)


# A class and no generator, which takes longer to enter: each request does.
class gathering:
    """Gather the calls that are made in a block."""

    def __enter__(self) -> list[Recorded]:
        calls: list[Recorded] = []
        self.token = _calls.set(calls)
        return calls

    def __exit__(self, *error: object) -> None:
        _calls.reset(self.token)


def record_call(call: Recorded) -> None:
    """Add a call to those of the request being answered, or store it where there is no request."""
    calls = _calls.get()
    if calls is None:
        recorder.store([call])
    else:
        calls.append(call)
