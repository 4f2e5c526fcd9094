"""A server in another process, and a copy of the tree without the folders that a fork of the shop leaves out."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from django.conf import settings

from tests.stage import sites

# What a fork of the shop leaves out.
LEFT_BEHIND = [
    "bench", "compare", "docs", "pytest_stripe_sandbox", "stripe_sandbox", "stripe_scan", "tests/bbs_project",
    "tests/browser", "tests/compare", "tests/pytest_stripe_sandbox", "tests/stripe_sandbox", "tests/stripe_scan",
    *(f"tests/{path.name}" for path in (settings.BASE_DIR / "tests").glob("test_*.py")),
]  # fmt: skip
# What a run leaves in the tree, where no Git says so.
LEFT_OVER = {".git", ".venv", "__pycache__", "node_modules", "staticfiles", ".env", ".django-secret-key"}
# Whatever this machine, or this run of the tests, has set of its own.
SETTINGS = (
    "STRIPE_", "PAYMENT_", "DJANGO_", "BOARD_", "RECORD_", "COMPARE_", "DATABASE_URL", "EMAIL_URL", "TEST_", "PYTEST_",
    "PYTHONPATH",
)  # fmt: skip
PATIENCE = 600  # seconds that any of its commands may take
SERVERS = {
    "serve": ["manage.py", "serve", "127.0.0.1:{port}"],
    "runserver": ["manage.py", "runserver", "--noreload", "127.0.0.1:{port}"],
    "gunicorn": ["-m", "gunicorn", "--bind", "127.0.0.1:{port}", "bbs_project.wsgi"],
}


def files_of_the_tree() -> list[Path]:
    """Return the files of this project, whether it was cloned or unpacked, relative to its root."""
    root = settings.BASE_DIR
    if (root / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return [Path(name) for name in found.stdout.split("\0") if (root / name).is_file()]
    environments = {found.parent for found in root.glob("*/pyvenv.cfg")}
    return [
        path.relative_to(root)
        for path in root.rglob("*")
        if path.is_file()
        and not LEFT_OVER.intersection(path.relative_to(root).parts)
        and not environments.intersection(path.parents)
        and ".sqlite3" not in path.name
    ]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def served(folder: Path, server: str, **more: str) -> Iterator[tuple[str, Path]]:
    """Serve the site that is in a folder until it ends by SIGTERM; yields its address, and the file of its errors."""
    port, printed = free_port(), folder / "printed"
    command = [sys.executable, *(word.format(port=port) for word in SERVERS[server])]
    environment = sites.environment(folder, **more)
    with printed.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL, stderr=file
        )
    try:
        until = time.monotonic() + 60
        while not _answers(port) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", printed
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=10).status_code == 200
    except requests.ConnectionError:
        return False


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}


@dataclass
class Server:
    """A server in another process, with what it printed so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, folder: Path, environment: dict[str, str], until: str, *arguments: str) -> Server:
        """Start `manage.py` with these arguments, and wait until it prints a line with this text."""
        process = subprocess.Popen(
            [sys.executable, "-u", "manage.py", *arguments],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        server, ready = cls(process), threading.Event()

        def read() -> None:
            for line in process.stdout:
                server.lines.append(line)
                if until in line:
                    ready.set()
            ready.set()

        threading.Thread(target=read, daemon=True).start()
        ready.wait(60)
        if process.poll() is not None or not any(until in line for line in server.lines):
            server.stop()
            pytest.fail(f"`manage.py {' '.join(arguments)}` did not start:\n{''.join(server.lines)}", pytrace=False)
        return server

    def value(self, name: str) -> str:
        """Return what it printed behind a name."""
        return next(line[len(name) :].strip() for line in self.lines if line.startswith(name))

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@dataclass
class Fork:
    """A copy of the tree without what `LEFT_BEHIND` names, and the Stripe that its tests and its site meet."""

    folder: Path
    stripe: str
    secret: str

    def environment(self, **more: str) -> dict[str, str]:
        return clean_environment() | more

    def site(self, **more: str) -> dict[str, str]:
        """Return the environment of a site that is given nothing but where Stripe is."""
        return self.environment(STRIPE_API_BASE=self.stripe, STRIPE_WEBHOOK_SECRET=self.secret, **more)

    def run(self, environment: dict[str, str], *command: str) -> str:
        """Run Python in the copy, and return what it printed. A failure shows all of that, and nothing else."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode:
            said = f"`{' '.join(command)}` ended with {done.returncode} in a copy of the shop alone"
            pytest.fail(f"{said}:\n{done.stdout}", pytrace=False)
        return done.stdout
