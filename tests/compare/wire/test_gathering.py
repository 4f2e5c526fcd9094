"""A call belongs to the request in which it is made."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from bbs import payments
from compare.wire import gathering, recorder
from compare.wire.recorder import Recorded
from tests.compare.stage.messages import TIMING, call
from tests.compare.stage.recorded import pay, story

LIVE = pytest.mark.django_db(databases="__all__", transaction=True)


@LIVE
@pytest.mark.usefixtures("stored_at_once")
def test_a_call_that_a_command_makes_is_stored_though_there_is_no_request(hanako) -> None:
    payment = pay(hanako, "modern")
    payment.messages.all().delete()

    payments.confirm(payment)

    assert story(payment) == [("call", "GET", "/v1/checkout/sessions/<cs>", 200)]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> list[Recorded]:
    """What is stored as soon as it is made."""
    stored: list[Recorded] = []
    monkeypatch.setattr(recorder, "store", stored.extend)
    return stored


@pytest.fixture
def made() -> Iterator[Recorded]:
    """Calls, each of another payment."""
    return (Recorded(uuid.uuid4(), call(), TIMING) for _ in iter(int, 1))


def test_a_call_inside_a_request_waits_for_it(at_once: list[Recorded], made: Iterator[Recorded]) -> None:
    first, second = next(made), next(made)

    with gathering.gathering() as calls:
        gathering.record_call(first)
        gathering.record_call(second)

    assert (calls, at_once) == ([first, second], [])


def test_a_call_outside_is_stored_at_once(at_once: list[Recorded], made: Iterator[Recorded]) -> None:
    before, after = next(made), next(made)

    gathering.record_call(before)
    with gathering.gathering() as calls:
        pass
    gathering.record_call(after)

    assert (calls, at_once) == ([], [before, after])


def test_a_request_within_a_request_gathers_its_own_calls(at_once: list[Recorded], made: Iterator[Recorded]) -> None:
    before, inside, after = next(made), next(made), next(made)

    with gathering.gathering() as outer:
        gathering.record_call(before)
        with gathering.gathering() as inner:
            gathering.record_call(inside)
        gathering.record_call(after)

    assert (outer, inner, at_once) == ([before, after], [inside], [])


def test_a_request_that_fails_gathers_no_more(at_once: list[Recorded], made: Iterator[Recorded]) -> None:
    later = next(made)

    with pytest.raises(KeyError), gathering.gathering():
        raise KeyError
    gathering.record_call(later)

    assert at_once == [later]
