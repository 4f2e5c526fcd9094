"""Serve a site with gunicorn on this machine, and ask it over kept HTTP connections as fast as it answers.

Each of the two workers has a port of its own, and half of the connections. Where both listen at one port, it is chance
which of them takes a connection: of eight, all at one worker is no rarity, and the rate then less than half of the rate
with four at each.
"""

from __future__ import annotations

import os
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
OURS = ("STRIPE_", "DJANGO_", "RECORD_", "PAYMENT_", "BOARD_", "ORDERS_", "CARD_", "LEGACY_", "COMPARE_", "EMAIL_")
WORKERS = 2
NO_LIMITS = {"BOARD_POSTS_PER_MINUTE": "0", "ORDERS_PER_MINUTE": "0", "CARD_ATTEMPTS_PER_ORDER": "0"}


@contextmanager
def databases(*kinds: str) -> Iterator[dict[str, str]]:
    """Yield the address of a fresh database of each kind ("SQLite", "PostgreSQL"); they are gone afterwards."""
    import psycopg

    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))
        urls = {"SQLite": f"sqlite:///{folder}/board.sqlite3"}
        if "PostgreSQL" in kinds:
            name = f"bench_{os.getpid()}"
            server = stack.enter_context(psycopg.connect(POSTGRESQL, autocommit=True))
            server.execute(f"CREATE DATABASE {name}")
            stack.callback(server.execute, f"DROP DATABASE {name} WITH (FORCE)")
            urls["PostgreSQL"] = urlsplit(POSTGRESQL)._replace(path=name, query="").geturl()
        yield {kind: urls[kind] for kind in kinds}


@contextmanager
def environment(database_url: str, **settings: str) -> Iterator[dict[str, str]]:
    """Yield the environment of a site without any setting but these, with limits switched off."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield (
            {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
            | NO_LIMITS
            | {
                "DATABASE_URL": database_url,
                "DJANGO_ENV_FILE": os.devnull,
                "DJANGO_SECRET_KEY": "the benchmark's own",
                "DJANGO_SETTINGS_MODULE": "bbs_project.settings",
                "EMAIL_URL": "dummymail://",
                "STRIPE_SANDBOX_DATABASE": f"{folder}/sandbox.sqlite3",
            }
            | settings
        )


@contextmanager
def served(application: str, environ: dict[str, str], look: str = "/") -> Iterator[list[int]]:
    """Serve `module:callable` of this folder or of the project with two workers of four threads; yield their ports."""
    with ExitStack() as stack:
        yield [stack.enter_context(_worker(application, environ, look)) for _ in range(WORKERS)]


@contextmanager
def _worker(application: str, environ: dict[str, str], look: str) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--workers", "1", "--threads", "4", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    places = ["--chdir", str(ROOT), "--pythonpath", f"{ROOT},{Path(__file__).parent}"]
    command = [sys.executable, "-m", "gunicorn", *options, *places, application]
    with tempfile.TemporaryFile("w+") as log, subprocess.Popen(command, env=environ, stderr=log) as server:
        try:
            until = time.monotonic() + 60
            while not _answers(port, look):
                if server.poll() is not None or time.monotonic() > until:
                    log.seek(0)
                    sys.exit(f"gunicorn does not serve {application}\n{log.read()}")
                time.sleep(0.1)
            yield port
        finally:
            server.terminate()


def _answers(port: int, look: str) -> bool:
    try:
        return ask([port], [request("GET", look)], connections=1)[0][0] < 500
    except OSError:
        return False


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """Return the bytes of a request; in the names of headers `_` is a hyphen."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def ask(ports: Sequence[int], requests: Iterable[bytes], connections: int = 8) -> list[tuple[int, float]]:
    """Send each request as soon as one of the connections is free; return status and seconds of each answer.

    The connections lead to the ports in turns.

    One thread, one select: the asking takes as little of the two cores from the server as it can.
    """
    waiting, answers = iter(requests), []
    with selectors.DefaultSelector() as selector, ExitStack() as stack:

        def send(talk: _Talk) -> None:
            sent = next(waiting, None)
            if sent is None:
                selector.unregister(talk.socket)
            else:
                talk.send(sent)

        for number in range(connections):
            talk = _Talk(ports[number % len(ports)])
            stack.callback(talk.close)
            selector.register(talk.socket, selectors.EVENT_READ, talk)
            send(talk)
        while selector.get_map():
            ready = selector.select(60)
            if not ready:
                raise TimeoutError(f"no answer within a minute, after {len(answers)}")
            for key, _events in ready:
                if answer := key.data.read():
                    answers.append(answer)
                    if key.data.is_over:
                        selector.unregister(key.data.socket)
                        key.data.connect()
                        selector.register(key.data.socket, selectors.EVENT_READ, key.data)
                    send(key.data)
    return answers


class _Talk:
    """One connection: a request, its answer, the next request. A server may close it between two."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got, self.is_over = b"", False

    def close(self) -> None:
        self.socket.close()

    def send(self, sent: bytes) -> None:
        self.sent, self.got, self.since = sent, b"", time.perf_counter()
        self.socket.sendall(sent)

    def read(self) -> tuple[int, float] | None:
        """Return status and seconds once the whole answer is here."""
        more = self.socket.recv(1 << 20)
        if not more:
            raise ConnectionError("the server closed the connection before it had answered")
        self.got += more
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            return None
        lines = head.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
        if len(body) < length:
            return None
        self.is_over = b"connection: close" in lines
        self.body = body
        return int(head[9:12]), time.perf_counter() - self.since


def rate(ports: Sequence[int], requests: list[bytes], expected: int = 200, connections: int = 8) -> float:
    """Return how many of these requests were answered in a second, all of them with the expected status."""
    began = time.perf_counter()
    answers = ask(ports, requests, connections)
    took = time.perf_counter() - began
    statuses = {status for status, _seconds in answers}
    assert statuses == {expected}, statuses
    return len(requests) / took


def ratios(rounds: int, measures: dict[str, Callable[[], float]]) -> dict[str, float]:
    """Measure in turns; return the median, over the rounds, of each one's ratio to the first in the same round.

    A round before these does not count: what a process does only once is done in it.
    """
    rates: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name, measure in measures.items():
            found = measure()
            if number:
                rates[name].append(found)
    first = next(iter(rates.values()))
    return {
        name: statistics.median(one / base for one, base in zip(found, first, strict=True))
        for name, found in rates.items()
    }


def row(what: str, found: float, aim: float, *, most: bool = False, unit: str = "") -> bool:
    """Print one line of the table; return whether the aim was met."""
    met = found <= aim if most else found >= aim
    sign = "≤" if most else "≥"
    print(f"{what:<64}{found:>7.2f}{unit}   {sign} {aim:g}{unit}{'' if met else '   missed'}", flush=True)
    return met
