"""Webhook endpoints on real sockets that behave badly, or note how they are posted to."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def hanging(count: int) -> Iterator[list[str]]:
    """Yield the addresses of endpoints that take a connection and never answer."""
    with ExitStack() as stack:
        opened = [stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=100)) for _ in range(count)]
        yield [f"http://127.0.0.1:{listening.getsockname()[1]}/" for listening in opened]


@contextmanager
def dripping(pause: float) -> Iterator[str]:
    """Yield the address of an endpoint that answers a byte at a time, with so many seconds before each, and no end."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b".")
                    time.sleep(pause)
            except OSError:
                return  # the other side has had enough

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with _served(Handler) as url:
        yield url


class Busy:
    """What an endpoint that takes a moment for each answer has seen: the bodies in order, and how many at once."""

    def __init__(self) -> None:
        self.url = ""
        self.got: list[bytes] = []
        self.now = self.most = 0
        self.lock = threading.Lock()


@contextmanager
def busy(pause: float) -> Iterator[Busy]:
    """Yield an endpoint that answers 200 after so many seconds."""
    seen = Busy()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with seen.lock:
                seen.now += 1
                seen.most = max(seen.most, seen.now)
            time.sleep(pause)
            with seen.lock:
                seen.got.append(body)
                seen.now -= 1
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with _served(Handler) as seen.url:
        yield seen


@contextmanager
def _served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{http.server_port}/"
    finally:
        http.shutdown()
        http.server_close()
