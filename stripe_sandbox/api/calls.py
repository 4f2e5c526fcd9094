"""One call of the API: what comes in, and what goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.utils.datastructures import CaseInsensitiveMapping

from stripe_sandbox import ids


@dataclass(frozen=True)
class Call:
    """A request to the API, however it came."""

    method: str
    path: str
    query: str
    # None: larger than the server reads.
    body: bytes | None
    headers: Mapping[str, str]
    client_ip: str = "127.0.0.1"
    id: str = field(default_factory=lambda: ids.new("req"))

    @classmethod
    def to(cls, method: str, url: str, headers: Mapping[str, str], body: bytes | None = b"", **more: Any) -> Call:
        """Return a call of `url`; of a whole address only path and query count."""
        parts = urlsplit(url)
        named = CaseInsensitiveMapping(headers)
        return cls(method.upper(), parts.path, parts.query, body, named, **more)

    @property
    def idempotency_key(self) -> str:
        return self.headers.get("Idempotency-Key", "") if self.method == "POST" else ""


@dataclass(frozen=True)
class Answer:
    """What the API answers; `drop` says that the connection breaks instead, and how."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)
    drop: str = ""

    @classmethod
    def of(cls, status: int, content: dict[str, Any], **headers: str) -> Answer:
        text = msgspec.json.format(msgspec.json.encode(content), indent=0).decode()
        return cls(status, text, {name.replace("_", "-"): value for name, value in headers.items()})


def pretty(text: str) -> str:
    """Return JSON over lines, as Stripe sends it."""
    return msgspec.json.format(text, indent=2)
