"""Measure the rate of charges at a served sandbox beside ten dead endpoints, of that without any."""

from __future__ import annotations

import base64
import os
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from serving import OURS, ROOT, rate, request

KEY = "Basic " + base64.b64encode(b"sk_test_sandbox:").decode()
FORM = {"Authorization": KEY, "Content_Type": "application/x-www-form-urlencoded"}
CHARGE = request("POST", "/v1/charges", b"amount=2000&currency=jpy&source=tok_visa", **FORM)
# Half of them refuse the connection, and half take it and never answer.
REFUSING = HANGING = 5


@contextmanager
def sandbox() -> Iterator[int]:
    """Serve a sandbox alone on a database of its own, and yield its port."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    environ = clean | {"DJANGO_ENV_FILE": os.devnull, "DJANGO_SECRET_KEY": "the benchmark's own"}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        command = [sys.executable, "manage.py", "sandbox", "--port=0", f"--database={Path(folder) / 'it.sqlite3'}"]
        with subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            try:
                yield next(int(line.rpartition(":")[2]) for line in process.stdout if line.startswith("Stripe sandbox"))
            finally:
                process.terminate()


@contextmanager
def dead() -> Iterator[list[str]]:
    """Yield the addresses of ten endpoints that never answer."""
    with ExitStack() as stack:
        urls = []
        for number in range(REFUSING + HANGING):
            listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=100))
            urls.append(f"http://127.0.0.1:{listening.getsockname()[1]}/webhook/")
            if number < REFUSING:
                listening.close()
        yield urls


def add(port: int, url: str) -> None:
    """Add a webhook endpoint for every event."""
    body = urlencode({"url": url, "enabled_events[]": "*"}).encode()
    rate([port], [request("POST", "/v1/webhook_endpoints", body, **FORM)])


def measure(rounds: int = 7, requests: int = 300) -> float:
    """Return the median, over the rounds, of the rate beside ten dead endpoints by that of a sandbox without."""
    found = []
    with sandbox() as alone, sandbox() as beside, dead() as urls:
        for url in urls:
            add(beside, url)
        for number in range(rounds + 1):
            without, with_them = (rate([port], [CHARGE] * requests) for port in (alone, beside))
            if number:  # what a process does only once is done in the first
                found.append(with_them / without)
    return statistics.median(found)
