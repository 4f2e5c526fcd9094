"""The sandbox's process: it starts, or says why not, and it never outlives the tests."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from django.conf import settings

from pytest_stripe_sandbox.server import NotStarted, Server, command
from tests.pytest_stripe_sandbox.stage import COMMAND, environment

# What a project's own tests may have set.
THEIRS = ["PYTHONPATH", "PYTHONWARNINGS", "DJANGO_SETTINGS_MODULE", "STRIPE_SECRET_KEY", "DATABASE_URL"]
# Starts a server as the plugin does, says where it is, and waits to be killed.
TESTS = """
import pathlib, sys, time
from pytest_stripe_sandbox.server import Server, command
server = Server(command(sys.argv[1]), pathlib.Path("."))
print(server.process.pid, flush=True)
time.sleep(60)
"""


def script(folder: Path, text: str) -> str:
    """Return a command that runs a few lines of Python in place of the sandbox."""
    (folder / "command.py").write_text(text)
    return f"{sys.executable} {folder / 'command.py'}"


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_sandbox_answers_once_it_is_started_and_ends_when_it_is_stopped(tmp_path: Path) -> None:
    server = Server(command(COMMAND), tmp_path)
    answer = requests.get(f"{server.url}/sandbox/", timeout=10)

    server.stop()

    assert answer.status_code == 200
    assert server.process.returncode == 0
    assert "POST /sandbox/control/deliveries/ hands them out" in server.printed()
    assert (tmp_path / "sandbox.sqlite3").is_file()


def test_the_tests_own_environment_does_not_reach_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in THEIRS:
        monkeypatch.setenv(name, "theirs")
    printed = (
        "import os; print('Stripe sandbox  y', sorted(os.environ)); print('dashboard       x', flush=True); input()"
    )

    server = Server(command(script(tmp_path, printed)), tmp_path)
    server.stop()

    assert "PATH" in server.printed()
    assert [name for name in THEIRS if f"'{name}'" in server.printed()] == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_when_the_tests_are_killed(tmp_path: Path, number: signal.Signals) -> None:
    tests = subprocess.Popen(
        [sys.executable, "-c", TESTS, COMMAND],
        cwd=tmp_path,
        env=environment(tmp_path, settings.BASE_DIR),
        stdout=subprocess.PIPE,
        text=True,
    )
    pid = int(tests.stdout.readline())
    before = is_running(pid)

    tests.send_signal(number)
    tests.communicate()

    end = time.monotonic() + 30
    while is_running(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert (before, is_running(pid)) == (True, False)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import sys; sys.exit('The port is on holiday.')", "it ended with exit code 1.\n"),
        ("print('hello')", "it ended with exit code 0.\n"),
        ("import time; time.sleep(60)", "it was not ready after 0.3 seconds.\n"),
    ],
)
def test_one_that_does_not_start_is_said_with_what_it_printed(
    tmp_path: Path, text: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytest_stripe_sandbox.server.SECONDS_TO_START", 0.3 if "sleep" in text else 30)
    monkeypatch.setattr("pytest_stripe_sandbox.server.SECONDS_TO_END", 0.3 if "sleep" in text else 30)

    with pytest.raises(NotStarted) as raised:
        Server(command(script(tmp_path, text)), tmp_path)

    assert str(raised.value).startswith(f"The Stripe sandbox did not start: {why}Command: {sys.executable}")
    said = {"import sys": "The port is on holiday.", "print('hel": "hello"}.get(text[:10], "nothing")
    assert str(raised.value).endswith(f"It printed: {said}")


def test_one_that_hangs_at_its_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_stripe_sandbox.server.SECONDS_TO_END", 0.3)
    ready = "print('Stripe sandbox  x\\ndashboard       x', flush=True); import time; time.sleep(60)"
    server = Server(command(script(tmp_path, ready)), tmp_path)

    server.stop()

    assert server.process.returncode == -signal.SIGKILL


def test_a_command_that_is_not_there_is_said_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    for named in ("", "/nowhere/stripe-sandbox --port 1"):
        with pytest.raises(NotStarted, match=r"There is no command .*stripe-sandbox'.*pip install 'PATH\[sandbox\]'"):
            command(named)


def test_without_a_name_the_command_beside_this_python_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = tmp_path / "stripe-sandbox"
    beside.write_text("#!/bin/sh\n")
    beside.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    assert command("") == [str(beside)]
    assert command("env 'a b'") == ["env", "a b"]


def test_a_command_that_cannot_be_run_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF")
    broken.chmod(0o755)

    with pytest.raises(NotStarted, match="cannot be started with"):
        Server([str(broken)], tmp_path)
