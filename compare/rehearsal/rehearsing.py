"""A whole rehearsal, as the command or the page that starts it sees it: its progress, and then its report."""

from __future__ import annotations

import os
import queue
import secrets
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from compare.apart.process import Died, Failed, Premises, Process, is_possible
from compare.apart.shop import new_key
from compare.rehearsal.plan import SHARES
from compare.rehearsal.report import Report

WORK = "compare.rehearsal.work:work"
MOST_VISITORS, MOST_PROCESSES = 5_000, 16
# Seconds that one errand may take: a busy machine is slow, and one that hangs is not waited for.
PATIENCE = 1_800.0


class Refused(Exception):
    """A rehearsal is not possible here; the message says why, in the active language."""


class Broken(Exception):
    """A rehearsal ended before its end; the message is the traceback of its process, for the log."""


@dataclass(frozen=True)
class Progress:
    """How many visitors have been there, and the share of the modern flow that the last one met, in percent."""

    done: int
    visitors: int
    share: int


def refuse_with_keys() -> None:
    """Raise Refused unless the sandbox serves this site: nothing is rehearsed beside a real account."""
    if not is_possible():
        raise Refused(_("A rehearsal needs the sandbox, and there is no folder stripe_sandbox/ here."))
    if not settings.STRIPE_SANDBOX_ENABLED:
        raise Refused(
            _(
                "This site has the keys of a Stripe account: rehearse in a copy of the project without keys, "
                "on the sandbox."
            )
        )


def default_processes() -> int:
    """Return how many processes a rehearsal has, unless it is said: two, where there are two cores."""
    return min(2, os.cpu_count() or 1)


def rehearse(
    visitors: int, *, seed: int = 1, processes: int | None = None, server: str = ""
) -> Iterator[Progress | Report]:
    """Rehearse with so many visitors; yield the progress, and the report at last.

    `server` is the URL of a PostgreSQL database, on whose server a database is created and dropped again; a SQLite
    file serves where it is empty. Raises Refused, and Broken.
    """
    refuse_with_keys()
    parts = min(processes or default_processes(), visitors)
    began, key = time.monotonic(), new_key()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="board-rehearsal-", ignore_cleanup_errors=True))
        url = stack.enter_context(_database(server)) if server else ""
        premises = Premises(Path(folder), is_shared=True, database_url=url)
        workers = [stack.enter_context(Process(WORK, premises)) for _part in range(parts)]
        _only(_ask(workers[0], errand="open", key=key))
        came: list[dict[str, Any]] = []
        counted: dict[str, Counter[str]] = {"events": Counter(), "calls": Counter()}
        misplaced = 0
        for answer in _together(
            [
                _ask(worker, errand="visit", key=key, visitors=visitors, seed=seed, part=part, parts=parts)
                for part, worker in enumerate(workers)
            ]
        ):
            if "saw" in answer:
                came.append(answer)
                yield Progress(len(came), visitors, SHARES[answer["stage"]])
            else:
                misplaced += answer["misplaced"]
                for kind, counts in counted.items():
                    counts.update(answer[kind])
        closed = _only(_ask(workers[0], errand="close", key=key, seed=seed))
        yield Report.of(
            came,
            closed,
            events=counted["events"] + Counter(closed["events"]),
            calls=counted["calls"],
            misplaced=misplaced,
            seed=seed,
            processes=parts,
            database="PostgreSQL" if server else "SQLite",
            seconds=round(time.monotonic() - began, 1),
        )


def _ask(worker: Process, **errand: object) -> Iterator[dict[str, Any]]:
    try:
        yield from worker.ask(PATIENCE, **errand)
    except Failed as failed:
        raise Broken(str(failed)) from None
    except Died:
        raise Broken("A process of the rehearsal ended before its work was done.") from None


def _only(answers: Iterator[dict[str, Any]]) -> dict[str, Any]:
    [answer] = answers
    return answer


def _together(sources: list[Iterator[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Yield the answers of several processes as they come. Raises Broken where one of them fails."""
    came: queue.SimpleQueue[dict[str, Any] | Broken | None] = queue.SimpleQueue()

    def read(source: Iterator[dict[str, Any]]) -> None:
        try:
            for answer in source:
                came.put(answer)
            came.put(None)
        except Broken as broken:
            came.put(broken)

    for source in sources:
        threading.Thread(target=read, args=[source], daemon=True).start()
    left = len(sources)
    while left:
        answer = came.get()
        if isinstance(answer, Broken):
            raise answer
        if answer is None:
            left -= 1
        else:
            yield answer


@contextmanager
def _database(server: str) -> Iterator[str]:
    """Create a database on a PostgreSQL server; yield its URL, and drop it in the end. Raises Refused."""
    parts = urlsplit(server)
    if parts.scheme not in ("postgres", "postgresql"):
        raise Refused(_("The database of a rehearsal is named by a URL that begins with postgres://."))
    import psycopg

    name = f"board_rehearsal_{secrets.token_hex(6)}"
    try:
        connection = psycopg.connect(parts._replace(scheme="postgresql").geturl(), autocommit=True)
    except psycopg.Error as error:
        raise Refused(_("The PostgreSQL server cannot be reached: %(why)s") % {"why": str(error).strip()}) from None
    with connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield parts._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
