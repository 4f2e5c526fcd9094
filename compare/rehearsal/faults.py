"""Stripe's failures, for the calls of one request: the sandbox lets a call fail whose header asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from bbs.payments.client import ClientWrapper

HEADER = "Sandbox-Fault"
_ordered: ContextVar[str] = ContextVar("ordered", default="")


class FaultyClient(ClientWrapper):
    """Ask the sandbox to let a call fail, and each retry of it, while a fault is ordered."""

    def request_with_retries(
        self, method: str, url: str, headers: Mapping[str, str], *args: Any, **kwargs: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        """Return body, status and headers of the answer. Raises stripe.APIConnectionError when none came."""
        if fault := _ordered.get():
            headers = {**headers, HEADER: fault}
        return super().request_with_retries(method, url, headers, *args, **kwargs)


@contextmanager
def ordered(fault: str) -> Iterator[None]:
    """Let every call to Stripe fail within the block: one of the sandbox's faults of calls, or "" for none."""
    token = _ordered.set(fault)
    try:
        yield
    finally:
        _ordered.reset(token)
