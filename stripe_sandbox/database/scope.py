"""Which account of the sandbox is served right now: every row is read and written in its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

# The primary key of the account that the settings' keys open; it is served wherever no other account was entered.
DEFAULT = 1

_account: ContextVar[Any] = ContextVar("stripe_sandbox_account", default=None)


def account() -> Any:
    """Return the `Account` that was entered last, or None outside of any: the default account, as yet unread."""
    return _account.get()


def account_id() -> int:
    """Return the primary key of the account that is served."""
    entered = _account.get()
    return entered.pk if entered else DEFAULT


@contextmanager
def acting_for(account: Any) -> Iterator[None]:
    """Read and write the rows of this `Account`, and of no other, for the block."""
    token = _account.set(account)
    try:
        yield
    finally:
        _account.reset(token)
