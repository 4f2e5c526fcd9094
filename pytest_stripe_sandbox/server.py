"""The process of a sandbox: started on a free port, and ended with the tests, also where those are killed."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

# What the tests' environment says to Python, Django or Stripe is meant for the project, and not for the sandbox.
_THEIRS = ("PYTHON", "DJANGO_", "STRIPE_", "DATABASE_URL")
_READY, _URL = "dashboard", "Stripe sandbox"
SECONDS_TO_START = 60
SECONDS_TO_END = 15
HOW_TO = (
    "Install it in an environment of its own, as in python3 -m venv .sandbox && .sandbox/bin/pip install "
    "'PATH[sandbox]', and name the command: --stripe-sandbox-command .sandbox/bin/stripe-sandbox, "
    "STRIPE_SANDBOX_COMMAND, or stripe_sandbox_command in pytest's settings."
)


class NotStarted(Exception):
    """There is no sandbox; the message says why, and what to do."""


def command(named: str) -> list[str]:
    """Return the words of the command that is named, or of `stripe-sandbox` beside this Python or on the path.

    Raises NotStarted where there is none.
    """
    words = shlex.split(named, posix=os.name != "nt")
    if not words:
        beside = Path(sys.executable).parent / ("stripe-sandbox.exe" if os.name == "nt" else "stripe-sandbox")
        words = [str(beside) if beside.is_file() else "stripe-sandbox"]
    if shutil.which(words[0]) is None:
        raise NotStarted(f"There is no command {words[0]!r} to start the Stripe sandbox with. {HOW_TO}")
    return words


class Server:
    """A running sandbox; `url` is its address."""

    def __init__(self, words: list[str], folder: Path, deliveries: str = "manual") -> None:
        """Start it with its files in `folder`, and wait until it answers. Raises NotStarted where it does not."""
        self._printed = folder / "printed.txt"
        options = ["--port=0", f"--database={folder / 'sandbox.sqlite3'}", f"--deliveries={deliveries}"]
        line = [*words, *options, "--until-stdin-ends"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_THEIRS)}
        with self._printed.open("wb") as printed:
            try:
                self.process = subprocess.Popen(  # noqa: S603  (what the tests' owner named)
                    line,
                    env=environment,
                    # It ends with these tests, whatever ends them: nothing else holds the other end.
                    stdin=subprocess.PIPE,
                    stdout=printed,
                    stderr=subprocess.STDOUT,
                    # Ctrl-C is for the tests alone, which still clean up with it.
                    start_new_session=os.name != "nt",
                    creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                )
            except OSError as error:
                raise NotStarted(f"The Stripe sandbox cannot be started with {words[0]!r}: {error}.") from error
        try:
            self.url = self._wait(line)
        except BaseException:
            self.stop()
            raise

    def _wait(self, line: list[str]) -> str:
        end = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < end:
            ended = self.process.poll()
            lines = {text[:16].strip(): text[16:].strip() for text in self.printed().splitlines()}
            if _READY in lines:
                return lines[_URL]
            if ended is not None:
                why = f"it ended with exit code {ended}"
                break
            time.sleep(0.05)
        else:
            why = f"it was not ready after {SECONDS_TO_START} seconds"
        said = self.printed().strip() or "nothing"
        raise NotStarted(f"The Stripe sandbox did not start: {why}.\nCommand: {' '.join(line)}\nIt printed: {said}")

    def printed(self) -> str:
        """Return what it printed so far, a line for each event among it."""
        return self._printed.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        if self.process.stdin:
            with contextlib.suppress(OSError):  # it ended by itself
                self.process.stdin.close()
        try:
            self.process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
