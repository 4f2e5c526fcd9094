"""The sandbox as a server of its own, with an endpoint that listens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import stripe
from django.conf import settings

from tests.stripe_sandbox.stage.calls import SECRET


def until(true: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something is so: long enough for a busy machine, since what is so ends the wait."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@dataclass
class Endpoint:
    """A webhook endpoint that takes down what it gets."""

    url: str = ""
    status: int = 200
    # Seconds before each answer to an event, and how many events it had in hand at once.
    pause: float = 0
    in_hand: int = 0
    most_at_once: int = 0
    got: list[tuple[bytes, str]] = field(default_factory=list)
    # The `Host` of each event, in the same order.
    hosts: list[str] = field(default_factory=list)
    # A shop beside it: pages by path, and the forms they post.
    pages: dict[str, str] = field(default_factory=dict)
    policy: str = ""
    forms: list[dict[str, str]] = field(default_factory=list)
    # Where the shop sends a visitor who has posted a form.
    sends_to: str = ""

    @property
    def shop(self) -> str:
        return self.url.removesuffix("/webhook/")

    def about(self, sid: str) -> list[tuple[bytes, str]]:
        """Return what came of one object: an event that an earlier test left on its way may arrive at any time."""
        return [(body, signature) for body, signature in tuple(self.got) if sid.encode() in body]

    def events(self, secret: str, about: str = "") -> list[stripe.Event]:
        """Return what came of one object, or of all, each verified by stripe-python."""
        return [stripe.Webhook.construct_event(body, signature, secret) for body, signature in self.about(about)]


@dataclass
class Server:
    """A running sandbox."""

    url: str
    secret: str
    endpoint: Endpoint
    process: subprocess.Popen[str]
    database: Path

    @property
    def api(self) -> stripe.StripeClient:
        return stripe.StripeClient(SECRET, base_addresses={"api": self.url}, max_network_retries=0)


def listen() -> tuple[Endpoint, ThreadingHTTPServer]:
    """Open an endpoint on a free port."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if signature := self.headers["Stripe-Signature"]:
                # Before the event is seen to be there: a test that waits for it may then have the next one answered
                # otherwise.
                status = endpoint.status
                endpoint.hosts.append(self.headers["Host"])
                endpoint.got.append((body, signature))
                endpoint.in_hand += 1
                endpoint.most_at_once = max(endpoint.most_at_once, endpoint.in_hand)
                time.sleep(endpoint.pause)
                endpoint.in_hand -= 1
                self.answer(status)
            else:
                endpoint.forms.append(dict(parse_qsl(body.decode())))
                self.answer(303 if endpoint.sends_to else 200, "<h1>posted</h1>")

        def do_GET(self) -> None:
            self.answer(200, endpoint.pages.get(self.path.partition("?")[0], "<h1>shop</h1>"))

        def answer(self, status: int, page: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", endpoint.policy)
            if status == 303:
                self.send_header("Location", endpoint.sends_to)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{http.server_port}/webhook/"
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return endpoint, http


def serve(database: Path, endpoint: Endpoint, *options: str) -> Server:
    """Start `manage.py sandbox` as a user does who points another library at it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STRIPE_", "DJANGO_"))}
    process = subprocess.Popen(
        [
            sys.executable,
            "manage.py",
            "sandbox",
            "--port=0",
            f"--webhook={endpoint.url}",
            f"--database={database}",
            # An endpoint that a busy machine holds up would get its event again.
            "--timeout=30",
            *options,
        ],
        cwd=settings.BASE_DIR,
        env=clean | {"DJANGO_ENV_FILE": os.devnull, "DJANGO_SECRET_KEY": "a test's"},
        stdout=subprocess.PIPE,
        # Whoever starts the tests in the background may have them ignore Ctrl-C, and it would be inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stderr=subprocess.DEVNULL,
        text=True,
    )
    printed = {}
    for line in process.stdout:
        printed[line[:16].strip()] = line[16:].strip()
        if "dashboard" in printed:
            break
    return Server(printed["Stripe sandbox"], printed["webhook secret"], endpoint, process, database)
