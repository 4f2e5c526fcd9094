"""How an endpoint answered decides how soon it is posted to again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from stripe_sandbox.webhooks import standing
from stripe_sandbox.webhooks.attempt import Reply
from stripe_sandbox.webhooks.standing import Standing

ANSWER, SLOW, NOTHING = Reply(500, "", 5), Reply(200, "", 1500), Reply(0, "TimeoutError", 10_000)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    standing.forget()


@pytest.mark.parametrize(
    ("replies", "found"),
    [
        ([], Standing.NEW),
        ([ANSWER], Standing.ANSWERS),
        ([SLOW], Standing.SILENT),
        ([NOTHING], Standing.SILENT),
        ([NOTHING, ANSWER], Standing.ANSWERS),
        ([ANSWER, NOTHING], Standing.SILENT),
    ],
)
def test_the_last_answer_counts(replies: list[Reply], found: Standing) -> None:
    noted = [standing.note(7, reply) for reply in replies]

    assert standing.of(7) is found
    assert noted == [reply is ANSWER for reply in replies]


@pytest.mark.parametrize(("replies", "seconds"), [([ANSWER], 0), ([SLOW], 0), ([NOTHING], 0.1), ([NOTHING] * 3, 0.4)])
def test_only_silence_is_answered_with_a_rest(replies: list[Reply], seconds: float) -> None:
    began = time.time()
    for reply in replies:
        standing.note(7, reply)

    assert max(0.0, standing.rests_until(7) - began) == pytest.approx(seconds, abs=0.09)


def test_no_rest_is_longer_than_the_longest() -> None:
    for _ in range(100):
        standing.note(7, NOTHING)

    assert standing.rests_until(7) == pytest.approx(time.time() + 5, abs=1)


def test_what_is_busy_or_left_alone_is_not_free() -> None:
    assert standing.is_free(7)
    ending = threading.Event()
    thread = threading.Thread(target=ending.wait)
    standing.post_by(lambda: thread, 7)
    assert standing.busy() == set()  # a thread that is not running, as after a fork
    thread.start()
    assert (standing.busy(), standing.is_free(7)) == ({7}, False)
    ending.set()
    thread.join()
    standing.ended(7)
    assert standing.is_free(7)

    standing.rest(7)

    assert not standing.is_free(7)
