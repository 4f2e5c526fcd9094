"""`manage.py sandbox`: Stripe on a port, for any library."""

from __future__ import annotations

import http.client
import io
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from stripe_sandbox.management.commands.sandbox import Command
from tests.stripe_sandbox.stage.calls import CHARGE
from tests.stripe_sandbox.stage.server import Server, listen, serve, until


def test_it_says_where_it_is_and_with_which_secrets(server: Server) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.url)
    assert server.secret.startswith("whsec_")


def test_its_root_leads_to_the_dashboard(server: Server) -> None:
    answer = requests.get(server.url, timeout=10)

    assert answer.url == f"{server.url}/sandbox/"
    assert answer.status_code == 200


def test_it_serves_nothing_of_the_site_beside_it(server: Server) -> None:
    for path in ("/compare/", "/admin/", "/checkout/", "/webhook/"):
        assert requests.get(server.url + path, timeout=10).status_code == 404


@pytest.mark.parametrize("charset", ["idna", "undefined", "utf-8", "none-such"])
def test_no_charset_and_no_length_keeps_a_call_from_its_answer(server: Server, charset: str) -> None:
    headers = {"Content-Type": f"text/plain; charset={charset}", "Authorization": "Bearer sk_test_sandbox"}
    many = "&".join(["a=%ff"] * 1100)

    answer = requests.get(f"{server.url}/v1/charges?{many}", headers=headers, timeout=10)

    assert answer.status_code == 400
    assert "Invalid UTF-8" in answer.json()["error"]["message"]
    assert requests.get(f"{server.url}/sandbox/?{many}", headers=headers, timeout=10).status_code in (200, 400)
    with closing(http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)) as connection:
        connection.request(
            "POST", "/v1/charges", headers={"Authorization": "Bearer sk_test_sandbox", "Content-Length": "x"}
        )
        assert connection.getresponse().status == 400


def test_a_port_that_is_taken_is_said_in_a_sentence(server: Server, tmp_path) -> None:
    port = server.url.rpartition(":")[2]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STRIPE_", "DJANGO_"))}

    done = subprocess.run(
        [sys.executable, "manage.py", "sandbox", f"--port={port}", f"--database={tmp_path / 'x.sqlite3'}"],
        cwd=settings.BASE_DIR,
        env=clean | {"DJANGO_ENV_FILE": os.devnull, "DJANGO_SECRET_KEY": "a test's"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith(f"CommandError: Cannot serve on 127.0.0.1:{port}: Address already in use.")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_on_a_kept_connection_until_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    endpoint, http_server = listen()
    started = serve(tmp_path / "kept.sqlite3", endpoint)
    with closing(http.client.HTTPConnection(started.url.removeprefix("http://"), timeout=30)) as connection:
        sockets, answers = set(), []
        for method in ("GET", "HEAD", "GET"):
            connection.request(method, "/sandbox/limits/")
            answers.append(connection.getresponse().read())
            sockets.add(connection.sock)
        started.process.send_signal(number)
        printed, _ = started.process.communicate(timeout=30)
    http_server.shutdown()
    http_server.server_close()

    assert (len(sockets), answers[0] == answers[2], answers[1]) == (1, True, b"")
    assert (started.process.returncode, printed) == (0, "")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Server]:
    """A sandbox that other machines can reach."""
    endpoint, http = listen()
    server = serve(tmp_path / "opened.sqlite3", endpoint, "--host=0.0.0.0", "--name=Sandbox.test")
    server.url = server.url.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
    yield server
    server.process.kill()
    server.process.communicate()
    http.shutdown()
    http.server_close()


def test_one_that_others_reach_answers_to_its_names_and_lets_nobody_into_a_private_network(opened: Server) -> None:
    port = opened.url.rpartition(":")[2]
    answers = {
        name: requests.get(f"{opened.url}/sandbox/limits/", headers={"Host": f"{name}:{port}"}, timeout=10).status_code
        for name in ("127.0.0.1", "localhost", "sandbox.test", socket.gethostname(), "another.example")
    }
    with pytest.raises(stripe.InvalidRequestError, match=r"127\.0\.0\.1 is private"):
        opened.api.v1.webhook_endpoints.create(params={"url": opened.endpoint.url, "enabled_events": ["*"]})
    opened.api.v1.charges.create(params=CHARGE)

    assert answers.pop("another.example") == 400
    assert set(answers.values()) == {200}
    until(lambda: opened.endpoint.got)


@pytest.mark.parametrize(
    ("host", "private"),
    [("127.0.0.1", ["*"]), ("localhost", ["*"]), ("0.0.0.0", ["a", "b"]), ("10.0.0.1", ["a", "b"])],  # noqa: S104
)
def test_the_options_and_the_settings_allow_private_addresses(host: str, private: list[str], settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_ALLOW": ["b"]}

    assert Command().allowed({"host": host, "webhook_allow": ["a"]}) == private


def test_it_is_not_served_with_the_settings_of_a_site() -> None:
    with pytest.raises(CommandError, match="those of a site"):
        call_command("sandbox", port=0)


@pytest.mark.parametrize("shown", [True, False])
def test_a_secret_that_was_given_is_not_printed(shown: bool, settings: Any) -> None:
    settings.STRIPE_SANDBOX = settings.STRIPE_SANDBOX | {"WEBHOOK_SECRET": "whsec_x", "SHOW_WEBHOOK_SECRET": shown}
    printed = io.StringIO()

    Command(stdout=printed).print_addresses("127.0.0.1", 12111)

    assert ("whsec_x" in printed.getvalue()) is shown
    assert ("STRIPE_WEBHOOK_SECRET" in printed.getvalue()) is not shown
