"""`manage.py serve`: the site on a production server, on one address."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core import management
from django.core.management import CommandError, call_command

import manage
from tests.stage import sites


@contextmanager
def process(folder: Path, until: str, *options: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start the command as `run.py` does; yields it, and the lines that it printed up to one with this text."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    started = subprocess.Popen(
        [sys.executable, "-u", "manage.py", "serve", *options, address],
        cwd=settings.BASE_DIR,
        env=sites.environment(folder, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Whoever starts the tests in the background may have them ignore Ctrl-C, and it would be inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        start_new_session=True,
    )
    with started:
        try:
            lines = [address]
            while until not in lines[-1]:
                lines.append(next(started.stdout))
            yield started, lines
        finally:
            started.terminate()


@contextmanager
def connected(port: int) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        yield connection


def answer(connection: http.client.HTTPConnection, method: str = "GET", path: str = "/", **more: object) -> str:
    connection.request(method, path, **more)
    return connection.getresponse().read().decode()


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a board that is set up."""
    folder = tmp_path_factory.mktemp("board")
    code, said = sites.manage(folder, "setup")
    assert code == 0, said
    return folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_on_a_kept_connection_until_it_is_stopped(board: Path, number: signal.Signals) -> None:
    with process(board, "Serving at") as (started, lines), connected(int(lines[0].split(":")[1])) as connection:
        first = answer(connection, "HEAD")
        kept = connection.sock
        second = answer(connection, "GET")
        is_kept = connection.sock is kept is not None
        started.send_signal(number)
        rest, _ = started.communicate(timeout=30)

    assert (first, second[:15], is_kept) == ("", "<!doctype html>", True)
    assert lines[1:] == [f"Serving at http://{lines[0]}/ until Ctrl-C.\n"]
    assert (started.returncode, rest) == (0, "")


def test_with_debug_it_is_the_development_server(board: Path) -> None:
    with process(board, "Quit the server", DJANGO_DEBUG="on") as (_started, lines):
        assert "development server at" in "".join(lines)


@pytest.mark.parametrize(
    ("debug", "until"), [(True, "using settings 'other'\n"), (False, "Serving at")], ids=["debug", "no debug"]
)
def test_it_is_the_one_that_the_settings_on_the_command_line_want(board: Path, debug: bool, until: str) -> None:
    (board / "other.py").write_text(f"from bbs_project.settings import *\nDEBUG = {debug}\n", encoding="utf-8")
    options = ("--settings=other", f"--pythonpath={board}")

    with process(board, until, *options, DJANGO_DEBUG="off" if debug else "on") as (_started, lines):
        assert until in lines[-1]


def test_which_reloads_the_code(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = True
    run = []
    monkeypatch.setattr(management, "execute_from_command_line", run.append)
    monkeypatch.setattr(sys, "argv", ["manage.py", "serve", "127.0.0.1:8000"])

    manage.main()

    assert run == [["manage.py", "runserver", "127.0.0.1:8000"]]


@pytest.mark.parametrize(
    "addrport",
    [
        "",
        "host",
        "127.0.0.1:",
        ":8000",
        "127.0.0.1:8000 ",
        "0.0.0.0:1 x",
        "0.0.0.0:1\n",
        "203.0.113.1:0",
        "70000",
        "a..b:1",
        # An address that is empty would be each of this machine's.
        "[:81",
        "[]:81",
        "]:81",
        "[[::1]]:81",
        "[127.0.0.1]:81",
        "::1:81",
    ],
)
def test_where_it_cannot_serve_is_said_in_a_sentence(addrport: str) -> None:
    with pytest.raises(CommandError, match=r"\A('.*' is not a port, nor .*\.|Cannot serve on \S+:\d+: .*[^.]\.)\Z"):
        call_command("serve", addrport)


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=rf"\ACannot serve on 127\.0\.0\.1:{port}: Address .* in use\.\Z"):
            call_command("serve", str(port))
