"""What is known of the request that is being answered."""

from __future__ import annotations

import threading

import pytest

from stripe_sandbox.api import current


def test_what_is_known_is_added_to_and_put_back() -> None:
    with current.answering(origin="http://localhost"):
        with current.answering(id="req_1"):
            inner = current.request()
        outer = current.request()

    assert (inner.origin, inner.id) == ("http://localhost", "req_1")
    assert (outer.origin, outer.id) == ("http://localhost", None)
    assert current.request() == current.Request()


def test_it_is_put_back_after_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), current.answering(id="req_1"):
        raise ZeroDivisionError

    assert current.request().id is None


def test_another_thread_answers_another_request() -> None:
    seen = []

    with current.answering(id="req_1"):
        thread = threading.Thread(target=lambda: seen.append(current.request().id))
        thread.start()
        thread.join()

    assert seen == [None]
