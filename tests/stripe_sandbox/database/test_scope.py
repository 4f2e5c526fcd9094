"""Which account is served, in a block and outside of any."""

from __future__ import annotations

import threading

import pytest

from stripe_sandbox.database import scope
from stripe_sandbox.models import Account


def test_the_innermost_block_counts() -> None:
    with scope.acting_for(Account(pk=7)):
        with scope.acting_for(Account(pk=8)):
            inner = scope.account_id()
        outer = scope.account_id()

    assert (inner, outer) == (8, 7)
    assert (scope.account(), scope.account_id()) == (None, scope.DEFAULT)


def test_a_block_ends_with_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), scope.acting_for(Account(pk=7)):
        raise ZeroDivisionError

    assert scope.account() is None


def test_another_thread_serves_another_account() -> None:
    seen = []

    with scope.acting_for(Account(pk=7)):
        thread = threading.Thread(target=lambda: seen.append(scope.account_id()))
        thread.start()
        thread.join()

    assert seen == [scope.DEFAULT]
