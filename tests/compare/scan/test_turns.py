"""One scan at a time, and few that wait."""

from __future__ import annotations

import threading

import pytest

from compare.scan import turns
from compare.scan.turns import Busy, turn


def test_one_waits_for_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def second() -> None:
        with turn():
            order.append("second")

    with turn():
        other = threading.Thread(target=second)
        other.start()
        order.append("first")
    other.join()

    assert order == ["first", "second"]


def test_who_waits_too_long_is_refused_and_leaves_no_place_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0)

    with turn():
        for _ in range(turns.MOST + 1):
            with pytest.raises(Busy), turn():
                pass

    with turn():
        pass


def test_when_enough_wait_the_next_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_waiting", threading.BoundedSemaphore(1))

    with turn(), pytest.raises(Busy), turn():
        pass


def test_an_error_gives_the_turn_back() -> None:
    with pytest.raises(ZeroDivisionError), turn():
        raise ZeroDivisionError

    with turn():
        pass
