"""What is logged and stored of an error: enough to find its cause, and nothing that identifies a person."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import stripe
from django.db import close_old_connections

from bbs import logs

LONGEST = 200  # characters of a message

logger = logging.getLogger(__name__)

# Stripe puts what it was sent after a colon or between quotes.
_QUOTES = re.compile(r""":\s|(?<!\w)["'‘“]""")
_OURS = Path(__file__).parents[1]


def outline(message: str) -> str:
    """Return the beginning of Stripe's message, without the values, addresses, keys and cards in it."""
    said = message[:LONGEST]
    if values := _QUOTES.search(said):
        said = f"{said[: values.start()]} …"
    return " ".join(logs.masked(said).split())


def brief(error: Exception) -> str:
    """Return the type of an error, and where it was raised: its text may hold anything. Stripe's is masked instead."""
    name = type(error).__name__
    if isinstance(error, stripe.StripeError):
        return f"{name}: {outline(error.user_message or '')}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_OURS)] or frames
    return f"{name} in {Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else name


def log_error(error: Exception, subject: object) -> None:
    """Log what Stripe support would ask for; of any other error, a fault of the code or the database, the traceback."""
    if isinstance(error, stripe.StripeError):
        logger.warning(
            "payment=%s stripe error %s http=%s request=%s code=%s param=%s: %s",
            subject,
            type(error).__name__,
            error.http_status,
            error.request_id,
            error.code,
            outline(getattr(error, "param", None) or "") or None,
            outline(error.user_message or ""),
        )
    else:
        logger.error("payment=%s failed: %s", subject, brief(error), exc_info=error)


@contextmanager
def tolerated(subject: object, report: Callable[[str], object]) -> Iterator[None]:
    """Log and report what fails in this block, which does one of many things: the others are done all the same."""
    try:
        yield
    except Exception as error:  # whatever it is, it is about this one
        log_error(error, subject)
        close_old_connections()  # a lost connection to the database would fail for all that come after it
        report(f"{subject}: {brief(error)}")
