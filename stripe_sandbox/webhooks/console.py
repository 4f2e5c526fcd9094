"""A line per event on the console, in the form of `stripe listen`."""

from __future__ import annotations

import contextlib
import sys
import time

from stripe_sandbox import conf
from stripe_sandbox.models import StripeObject

from .attempt import Reply


def _line(text: str) -> None:
    if not conf.get("CONSOLE"):
        return
    # The process that started the server may have closed the other end since.
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}{text}\n")
        sys.stderr.flush()


def print_event(event: StripeObject) -> None:
    _line(f"   --> {event.tag} [{event.sid}]")


def print_reply(event: StripeObject, reply: Reply, url: str) -> None:
    if reply.status:
        _line(f"  <--  [{reply.status}] POST {url} [{event.sid}]")
    else:
        _line(f"            [ERROR] Failed to POST: {reply.text}")
