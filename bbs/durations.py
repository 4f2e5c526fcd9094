"""Durations as a person reads them."""

from __future__ import annotations

from datetime import timedelta


def offset(duration: timedelta) -> str:
    """Write how much later something was: "+0 ms", "+41.2 s", "+3 min", "+2 h"."""
    return f"+{length(duration)}"


def length(duration: timedelta) -> str:
    """Write how long something took: "0 ms", "41.2 s", "3 min", "2 h"."""
    seconds = max(duration.total_seconds(), 0)
    for limit, text in (
        (1, f"{seconds * 1000:.0f} ms"),
        (120, f"{seconds:.1f} s"),
        (7200, f"{seconds / 60:.0f} min"),
    ):
        if seconds < limit:
            return text
    return f"{seconds / 3600:.0f} h"
