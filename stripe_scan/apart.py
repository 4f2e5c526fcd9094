"""Scan what a stranger sent in a process of its own, which ends when its time is over, whatever the text does to it.

The process gets the bytes by a pipe and none of the environment's secrets, has a limit of memory and of the processor's
time, and is killed at the latest after `SECONDS` + `START` on the clock: nothing of it is left, no thread and no file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import astuple, dataclass
from pathlib import Path

from stripe_scan import archives, guessing
from stripe_scan.files import Unreadable, decode
from stripe_scan.findings import Finding, Report, Unread
from stripe_scan.scanning import Options, scan_texts

# Seconds of the processor; and on the clock what a busy machine may need besides, until it is killed in any case.
SECONDS = 2
START = 4
# After so much of its time, what Python took to start included, no further file is begun: what was found can be sent.
LAST_START = 0.75
# Bytes of memory, where the system can limit them.
MEMORY = 800_000_000
# Findings of one scan; more come of no project of a megabyte.
MOST_FINDINGS = 5_000
FOLDER = Path(__file__).resolve().parents[1]
COMMAND = f"import sys; sys.path.append({str(FOLDER)!r}); from stripe_scan.apart import main; main()"
# What Python and its libraries need to start; the rest of the environment holds keys.
KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class Refused(Exception):
    """Nothing was scanned; `reason` is one of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# An archive's own; a pasted text that is none; too much time; findings beyond MOST_FINDINGS; a process that broke.
REASONS = ("no-archive", "too-many", "too-large", "no-text", "time", "findings", "broken")


@dataclass(frozen=True)
class Scanned:
    """The outcome of a scan; `name` is what a pasted text was read as, empty for an archive."""

    name: str
    report: Report


def scan_archive(data: bytes) -> Scanned:
    """Return what is found in a zip. Raises Refused."""
    return _scan({"archive": True}, data)


def scan_text(data: bytes, name: str = "") -> Scanned:
    """Return what is found in one text; a name that does not say what it is, or none, is guessed. Raises Refused."""
    return _scan({"archive": False, "name": name}, data)


def _scan(order: dict[str, object], data: bytes) -> Scanned:
    try:
        ended = subprocess.run(  # noqa: S603 - no shell, and nothing of the visitor's is in the command
            [sys.executable, "-I", "-S", "-c", COMMAND],
            input=json.dumps(order).encode() + b"\n" + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may quote the text
            env={name: os.environ[name] for name in KEPT if name in os.environ},
            timeout=SECONDS + START,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused("time") from None
    if ended.returncode:
        raise Refused("time" if _was_late(ended.returncode) else "broken")
    answer = json.loads(ended.stdout)
    if answer["refused"]:
        raise Refused(answer["refused"])
    findings = [Finding(*one) for one in answer["findings"]]
    return Scanned(answer["name"], Report(findings, [Unread(*one) for one in answer["errors"]], answer["files"]))


def _was_late(code: int) -> bool:
    """Return whether a process ended by the signal for too much of the processor's time."""
    if sys.platform == "win32":
        return False
    import signal

    return code in (-signal.SIGXCPU, -signal.SIGKILL)


def main(begun: float = 0.0) -> None:
    """Do what the parent asks for by stdin, and answer on stdout; both are JSON, the texts follow as they are.

    `begun`: how much of the processor's time, in seconds, this process had taken before all that is limited.
    """
    limit()
    order, _, data = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.write(json.dumps(answer(json.loads(order), data, begun)))


def limit() -> None:
    """Take no more memory and time than allowed, and come after the site's own work."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(5)
    for what, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):  # macOS does not limit the memory
            continue


def answer(order: dict[str, object], data: bytes, begun: float) -> dict[str, object]:
    """Return what goes back to the parent: see `main`."""
    name, unread = "", []
    try:
        if order["archive"]:
            unpacked = archives.unpack(data)
            texts, unread = unpacked.texts, unpacked.unread
        else:
            name = guessing.name_for(decode(data, is_python=False), str(order["name"]))
            texts = {name: data}
    except archives.Refused as refused:
        return {"refused": refused.reason}
    except Unreadable:
        return {"refused": "no-text"}
    report = scan_texts(texts, Options(), lambda: time.process_time() - begun > SECONDS * LAST_START)
    if len(report.findings) > MOST_FINDINGS:
        return {"refused": "findings"}
    return {
        "refused": "",
        "name": name,
        "findings": [astuple(one) for one in report.findings],
        "errors": [astuple(one) for one in sorted([*unread, *report.errors])],
        "files": report.files,
    }
