"""The process of a shop apart, as the one that starts it uses it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from django.conf import settings

PATIENCE = 60.0  # seconds that an errand may take


class Died(Exception):
    """The process ended, or was ended because an errand took too long: start another one."""


class Failed(Exception):
    """An errand failed; the text is a traceback, for the log."""


def is_possible() -> bool:
    """Return whether this project has what a shop apart is made of: the sandbox may have been left out."""
    return (settings.BASE_DIR / "stripe_sandbox").is_dir()


@dataclass(frozen=True)
class Premises:
    """A folder for the files of a shop apart, and what its processes share."""

    folder: Path
    is_shared: bool = False
    database_url: str = ""  # empty for a SQLite file in the folder
    secret: str = field(default_factory=secrets.token_hex, repr=False)

    @classmethod
    def own(cls) -> Premises:
        """Make a folder for one process, which is removed when that ends."""
        return cls(Path(tempfile.mkdtemp(prefix="board-apart-")))

    @property
    def environment(self) -> dict[str, str]:
        """What `compare.apart.settings` reads."""
        shared = {"APART_SHARED": "1"} if self.is_shared else {}
        return shared | {
            "APART_FOLDER": str(self.folder),
            "APART_DATABASE_URL": self.database_url,
            "APART_SECRET": self.secret,
        }

    def leave(self) -> None:
        """Remove the folder, unless other processes may still be there."""
        if not self.is_shared:
            shutil.rmtree(self.folder, ignore_errors=True)


class Process:
    """A process that does one kind of work, a generator function `package.module:function`, as often as it is asked.

    It starts at once, is ready within a second or two, and does one errand at a time. It ends with this process, at
    the end of a `with` block, or by `end`. With a `premises`, several processes work in the same shop.
    """

    def __init__(self, work: str, premises: Premises | None = None) -> None:
        # Its Python reads and writes UTF-8 on every system: https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUTF8
        self._premises = premises or Premises.own()
        environment = os.environ | self._premises.environment | {"PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "compare.apart", work]
        self._process = subprocess.Popen(  # noqa: S603  (our own Python, on names of ours)
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=os.name != "nt",  # Ctrl-C then reaches the one that started it alone
        )

    def ask(self, patience: float = PATIENCE, /, **errand: object) -> Iterator[dict[str, Any]]:
        """Yield the answers to an errand as they come. Raises Failed, and Died, also after so many seconds."""
        watch = threading.Timer(patience, self._process.kill)
        watch.start()
        try:
            yield from self._answers(json.dumps(errand))
        except GeneratorExit:
            self.end()  # the other answers would not be read
            raise
        finally:
            watch.cancel()

    def end(self) -> None:
        """End the process, and wait until it has."""
        self._process.kill()
        self._process.communicate()
        self._premises.leave()

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def _answers(self, errand: str) -> Iterator[dict[str, Any]]:
        if self._process.poll() is not None:
            raise Died
        try:
            print(errand, file=self._process.stdin, flush=True)
        except OSError:
            raise Died from None
        for line in self._process.stdout or ():
            message = json.loads(line)
            if "answer" in message:
                yield message["answer"]
            elif "failed" in message:
                raise Failed(message["failed"])
            else:
                return
        raise Died
