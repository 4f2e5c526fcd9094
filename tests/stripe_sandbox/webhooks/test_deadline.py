"""A socket's deadline holds for all that is read and written, not for each piece of it."""

from __future__ import annotations

import socket
import time

import pytest

from stripe_sandbox.webhooks.deadline import Deadline, LimitedSocket


def test_a_deadline_passes() -> None:
    deadline = Deadline(0.05)
    assert 0 < deadline.left() <= 0.05

    time.sleep(0.06)

    with pytest.raises(TimeoutError, match="timed out"):
        deadline.left()


def test_what_comes_in_time_is_read_to_its_end() -> None:
    here, there = socket.socketpair()
    limited = LimitedSocket(here, Deadline(10))
    limited.sendall(b"question")
    assert there.recv(100) == b"question"
    answer = limited.makefile("rb")
    limited.close()  # as http.client does before it reads an answer that ends with the connection

    there.sendall(b"one\ntwo")
    there.close()

    assert answer.readline() == b"one\n"
    assert answer.read() == b"two"
    answer.close()


def test_one_piece_after_another_does_not_prolong_it() -> None:
    here, there = socket.socketpair()
    answer = LimitedSocket(here, Deadline(0.2)).makefile("rb")
    there.sendall(b"a")
    assert answer.read(1) == b"a"
    there.sendall(b"b")

    with pytest.raises(TimeoutError):
        answer.read(2)

    for side in (answer, here, there):
        side.close()


def test_what_nobody_takes_is_not_sent_for_ever() -> None:
    here, there = socket.socketpair()

    with pytest.raises(TimeoutError):
        LimitedSocket(here, Deadline(0.1)).sendall(b"x" * 10_000_000)

    here.close()
    there.close()
