"""Waiting until a running server has finished with its answers: it still works on some after they were sent.

A test that ends sooner takes the database away from it (the record of the wire is written after the answer), and
the error is blamed on whichever test comes next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.test.testcases import LiveServerThread

PATIENCE = 10  # seconds


@contextmanager
def finished(server: LiveServerThread) -> Iterator[None]:
    """On leaving the block, wait for what the server began in it. Raises AssertionError after `PATIENCE`."""
    httpd, idle, open_answers = server.httpd, threading.Condition(), []
    application = httpd.get_app()

    def counted(environ: dict[str, object], start_response: Callable) -> Iterable[bytes]:
        with idle:
            open_answers.append(environ["PATH_INFO"])
        try:
            answer = application(environ, start_response)
        except BaseException:
            over(environ)
            raise
        close = getattr(answer, "close", None)

        def close_and_count() -> None:
            try:
                if close:
                    close()
            finally:
                over(environ)

        answer.close = close_and_count
        return answer

    def over(environ: dict[str, object]) -> None:
        with idle:
            open_answers.remove(environ["PATH_INFO"])
            idle.notify_all()

    httpd.set_app(counted)
    try:
        yield
        with idle:
            assert idle.wait_for(lambda: not open_answers, PATIENCE), f"still being answered: {open_answers}"
    finally:
        httpd.set_app(application)
