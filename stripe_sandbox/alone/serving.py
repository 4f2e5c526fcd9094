"""waitress on one address: a production server on Linux, macOS and Windows.

Each part of the project that serves has this module, word for word, since none of them imports another; a test holds
them equal.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import waitress
from django.core.management.base import CommandError
from waitress.channel import HTTPChannel

Application = Callable[..., Iterable[bytes]]

# So many requests are answered at once. Few of them compute; the others wait for Stripe, for a mail server, or for a
# webhook that needs a thread as well.
THREADS = 16
# A browser keeps up to six connections that it does not use, and a class has thirty browsers. Each costs time whenever
# one is used, and select() waits for 512 on Windows, and elsewhere for files of a number below 1024.
CONNECTIONS = 500
# What else is open: four files for each thread, two for each SQLite database, and some of the process's own.
OTHER_FILES = 4 * THREADS + 22
# nginx and AWS's load balancer close what was idle for 60. Where the server is first, a request may be on its way, and
# the answer is 502: https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/config-idle-timeout.html
IDLE_SECONDS = 65
# Django itself refuses a form of more than 2.5 MB, with a page; a body beyond this is not even read. Up to it a body is
# kept in memory: what a visitor sends is written to no disk.
LONGEST_BODY = 3_000_000


class Channel(HTTPChannel):
    """A connection whose answer the thread that computes it also sends."""

    def writable(self) -> bool:
        """Return whether the main thread is needed to send: while another one does, it would ask again and again.

        That took a fifth of a busy server's time. Above the high-water mark the other thread waits for this one.
        """
        if self.requests and self.total_outbufs_len <= self.adj.outbuf_high_watermark:
            return self.will_close or self.close_when_flushed
        return super().writable()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises CommandError where none can."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, UnicodeError) as error:  # the latter for what cannot be a host's name, such as a..b
        why = (getattr(error, "strerror", None) or str(error)).partition(" (while")[0]
        raise CommandError(f"Cannot serve on {host}:{port}: {why.rstrip('.')}.") from error


def most_connections() -> int:
    """Return how many connections this process may have open; raises its limit of files, 256 on macOS, where it can."""
    if sys.platform == "win32":
        return CONNECTIONS
    import resource

    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files < 1024:
        files = min(1024, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    return min(CONNECTIONS, files - OTHER_FILES)


def server_on(listening: socket.socket, application: Application) -> Any:
    """Return waitress's server for what comes by this socket."""
    server = waitress.create_server(
        without_body_for_head(application),
        sockets=[listening],
        threads=THREADS,
        connection_limit=most_connections(),
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=1,
        max_request_body_size=LONGEST_BODY,
        inbuf_overflow=LONGEST_BODY,
        # DJANGO_TRUSTED_PROXIES says what they are worth.
        clear_untrusted_proxy_headers=False,
        # A visitor who goes away is no error.
        log_socket_errors=False,
    )
    server.channel_class = Channel
    return server


def without_body_for_head(application: Application) -> Application:
    """Drop the body of an answer to HEAD: Django leaves that to the server, and waitress to the application."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        response = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return response
        if hasattr(response, "close"):
            response.close()
        return []

    return answer


@contextlib.contextmanager
def until_stopped() -> Iterator[None]:
    """End quietly at Ctrl-C, when a service is stopped (SIGTERM), and when a program is on Windows (SIGBREAK)."""
    for name in ("SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        yield
