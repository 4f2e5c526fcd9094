"""An unhandled error leaves its traceback on stderr, without any setting, under whatever server."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.conf import settings

from stripe_sandbox.webhooks.signing import header
from tests.bbs_project.stage import free_port
from tests.stage import sites
from tests.stripe_sandbox.stage.server import until

SECRET = "whsec_1"
EVENT = b'{"id": "evt_1", "type": "x", "api_version": null, "livemode": false, "data": {"object": {}}}'
SANDBOX_FAILED = "The sandbox's database cannot be used (no such table: stripe_sandbox_"
SERVERS = {
    "serve": ["manage.py", "serve", "127.0.0.1:{port}"],
    "runserver": ["manage.py", "runserver", "--noreload", "127.0.0.1:{port}"],
    "gunicorn": ["-m", "gunicorn", "--bind", "127.0.0.1:{port}", "bbs_project.wsgi"],
}


@contextmanager
def served(folder: Path, server: str) -> Iterator[tuple[str, Path]]:
    """Serve a site whose databases have no table; yields its address, and the file of what it prints."""
    port, printed = free_port(), folder / "printed"
    command = [sys.executable, *(word.format(port=port) for word in SERVERS[server])]
    environment = sites.environment(folder, STRIPE_WEBHOOK_SECRET=SECRET)
    with printed.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL, stderr=file
        )
    try:
        until = time.monotonic() + 60
        while not answers(port) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", printed
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=10).status_code == 200
    except requests.ConnectionError:
        return False


@pytest.mark.parametrize("server", SERVERS)
def test_a_page_and_a_webhook_that_fail_leave_their_tracebacks(tmp_path: Path, server: str) -> None:
    signature = {"Stripe-Signature": header(EVENT, [SECRET], int(time.time()))}

    with served(tmp_path, server) as (site, printed):
        page = requests.get(site, timeout=10)
        webhook = requests.post(f"{site}/webhook/", EVENT, headers=signature, timeout=10)
        until(lambda: SANDBOX_FAILED in printed.read_text())  # its thread looks when it gets to it

    assert (page.status_code, webhook.status_code) == (500, 500)
    assert "The error is in our log." in page.text
    said = printed.read_text()
    for address, table in (("/", "bbs_product"), ("/webhook/", "bbs_webhookevent")):
        assert said.count(f"Internal Server Error: {address}\n") == 1
        # Each is raised from the database's own error of the same text.
        assert said.count(f"OperationalError: no such table: {table}\n") == 2
    assert SANDBOX_FAILED in said
