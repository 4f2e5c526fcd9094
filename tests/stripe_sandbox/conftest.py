"""The sandbox in process, and the sandbox as a server of its own with an endpoint that listens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import stripe
from django.conf import settings

from stripe_sandbox.transport import InProcessClient

SECRET, PUBLISHABLE = "sk_test_sandbox", "pk_test_sandbox"


def until(true: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@pytest.fixture
def api(db: None) -> stripe.StripeClient:
    """stripe-python with the secret key, in process."""
    return stripe.StripeClient(SECRET, http_client=InProcessClient())


@pytest.fixture
def browser_api(db: None) -> stripe.StripeClient:
    """stripe-python with the key that a browser has, in process."""
    return stripe.StripeClient(PUBLISHABLE, http_client=InProcessClient())


@dataclass
class Endpoint:
    """A webhook endpoint that takes down what it gets."""

    url: str = ""
    status: int = 200
    got: list[tuple[bytes, str]] = field(default_factory=list)
    # A shop beside it: pages by path, and the forms they post.
    pages: dict[str, str] = field(default_factory=dict)
    policy: str = ""
    forms: list[dict[str, str]] = field(default_factory=list)

    @property
    def shop(self) -> str:
        return self.url.removesuffix("/webhook/")

    def events(self, secret: str) -> list[stripe.Event]:
        """Return what came, each verified by stripe-python."""
        return [stripe.Webhook.construct_event(body, signature, secret) for body, signature in tuple(self.got)]


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
                endpoint.got.append((body, signature))
                self.answer(endpoint.status)
            else:
                endpoint.forms.append(dict(parse_qsl(body.decode())))
                self.answer(200, "<h1>posted</h1>")

        def do_GET(self) -> None:
            self.answer(200, endpoint.pages.get(self.path.partition("?")[0], "<h1>shop</h1>"))

        def answer(self, status: int, page: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", endpoint.policy)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{http.server_port}/webhook/"
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return endpoint, http


def serve(database: Path, endpoint: Endpoint, *options: str) -> Server:
    """Start `manage.py sandbox` as somebody would who points another library at it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STRIPE_", "DJANGO_"))}
    process = subprocess.Popen(
        [
            sys.executable,
            "manage.py",
            "sandbox",
            "--port=0",
            f"--webhook={endpoint.url}",
            f"--database={database}",
            "--timeout=2",
            *options,
        ],
        cwd=settings.BASE_DIR,
        env=clean | {"DJANGO_ENV_FILE": os.devnull, "DJANGO_SECRET_KEY": "a test's"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    told = {}
    for line in process.stdout:
        told[line[:16].strip()] = line[16:].strip()
        if "dashboard" in told:
            break
    return Server(told["Stripe sandbox"], told["webhook secret"], endpoint, process, database)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that need HTTP."""
    endpoint, http = listen()
    server = serve(tmp_path_factory.mktemp("sandbox") / "alone.sqlite3", endpoint)
    yield server
    server.process.kill()
    server.process.communicate()
    http.shutdown()
    http.server_close()


@pytest.fixture
def server(running: Server) -> Server:
    """The running sandbox, with an endpoint that has heard nothing yet and answers 200."""
    running.endpoint.status = 200
    running.endpoint.got.clear()
    running.endpoint.forms.clear()
    return running


def line(amount: int = 2000, currency: str = "jpy", quantity: int = 1, name: str = "T-shirt") -> dict[str, object]:
    """Return a line item; `amount` in the smallest unit."""
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": name}}
    return {"price_data": price, "quantity": quantity}


def session(**more: object) -> dict[str, object]:
    """Return the parameters of a Checkout Session."""
    address = "https://shop.example/success?session_id={CHECKOUT_SESSION_ID}"
    return {"mode": "payment", "line_items": [line()], "success_url": address, **more}


def call(
    method: str, path: str, form: str = "", *, key: str = SECRET, **headers: str
) -> tuple[int, dict[str, object], Mapping[str, str]]:
    """Make a call of the API as bytes, in process, and return status, JSON and headers."""
    headers = {"Authorization": f"Bearer {key}"} | {name.replace("_", "-"): text for name, text in headers.items()}
    url = f"https://api.stripe.com{path}" + (f"?{form}" if form and method != "POST" else "")
    body, status, answered = InProcessClient().request(method, url, headers, form if method == "POST" else None)
    return status, json.loads(body), answered
