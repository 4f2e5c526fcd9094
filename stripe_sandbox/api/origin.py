"""The address of this server: as the visitor sees it, and as this machine reaches it."""

from __future__ import annotations

from stripe_sandbox.models import Note

from . import current

VISITOR = "visitor_origin"
LOOPBACK = "loopback_origin"

_seen: dict[str, str] = {}
_written: dict[str, str] = {}


def seen(visitor: str, loopback: str) -> None:
    """Note the two addresses at which this server was reached; no query: `remember` writes them down."""
    _seen.update({name: value for name, value in ((VISITOR, visitor), (LOOPBACK, loopback)) if value})


def remember() -> None:
    """Keep the last seen addresses for a restart and for management commands; writes only what has changed."""
    for name, value in tuple(_seen.items()):
        if _written.get(name) != value:
            Note.objects.update_or_create(name=name, defaults={"value": value})
            _written[name] = value


def visitor() -> str:
    """Return the address the visitor uses; outside of a request, the last one seen."""
    return current.request().origin or _remembered(VISITOR)


def loopback() -> str:
    """Return the address at which this machine reaches its own server, last seen."""
    return _remembered(LOOPBACK)


def _remembered(name: str) -> str:
    if name not in _seen:
        note = Note.objects.filter(name=name).first()
        return note.value if note else "http://127.0.0.1:8000"
    return _seen[name]
