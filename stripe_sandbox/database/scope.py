"""What is served right now, in the sandbox's one context variable: each row is read and written for an account."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, NamedTuple

# The primary key of the account that the settings' keys open; it is served wherever no other account was entered.
DEFAULT = 1


class Scope(NamedTuple):
    """An `Account`, or None for the default one as yet unread, and the request that is answered: see `api.current`."""

    account: Any = None
    request: Any = None


_NOTHING = Scope()
_scope: ContextVar[Scope] = ContextVar("stripe_sandbox", default=_NOTHING)


def account() -> Any:
    """Return the `Account` that was entered last, or None outside of any: the default account, as yet unread."""
    return _scope.get().account


def account_id() -> int:
    """Return the primary key of the account that is served."""
    entered = account()
    return entered.pk if entered else DEFAULT


def request() -> Any:
    """Return the request that was entered last, or None."""
    return _scope.get().request


# A class and no generator, which takes longer to enter: each request does.
class entered:
    """Let an account or a request be what is served, for the block."""

    def __init__(self, **known: Any) -> None:
        self.known = known

    def __enter__(self) -> None:
        self.token = _scope.set(_scope.get()._replace(**self.known))

    def __exit__(self, *error: object) -> None:
        _scope.reset(self.token)


def acting_for(account: Any) -> entered:
    """Read and write the rows of this `Account`, and of no other, for the block."""
    return entered(account=account)
