"""One recorded message, as a page shows it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from compare.models import WireMessage
from compare.sequence import STRIPE, US, YOU
from compare.wire.masking import LONGEST_TEXT, Json

_ENDS: dict[str, tuple[str, str]] = {
    WireMessage.Kind.VISIT: (YOU, US),
    WireMessage.Kind.CALL: (US, STRIPE),
    WireMessage.Kind.WEBHOOK: (STRIPE, US),
}
_ID = re.compile(r"\b[a-z]{2,4}_(?:test_|live_)?[\w-]{8,}|\b[0-9a-f]{8}-[0-9a-f-]{27}\b")


def _without_ids(address: str) -> str:
    return _ID.sub("…", address[:LONGEST_TEXT])


def actor_name(actor: str) -> str:
    """Return what a person calls one of the three."""
    return {YOU: _("you"), US: _("us"), STRIPE: "Stripe"}[actor]


@dataclass(frozen=True)
class Step:
    """One recorded message; `repeats` counts the same look at the receipt, again and again."""

    message: WireMessage
    repeats: int = 1
    room: int = 100_000  # bytes that each of its two bodies may take on a page

    @property
    def anchor(self) -> str:
        return f"m{self.message.pk}"

    @property
    def sender(self) -> str:
        return _ENDS[self.message.kind][0]

    @property
    def receiver(self) -> str:
        return _ENDS[self.message.kind][1]

    @property
    def route(self) -> str:
        return f"{actor_name(self.sender)} → {actor_name(self.receiver)}"

    @property
    def name(self) -> str:
        """Name the request without its ids: `GET /v1/charges/…`, or a webhook by its type."""
        if self.message.kind == WireMessage.Kind.WEBHOOK:
            return str(self.message.parameters.get("type", "webhook"))
        return f"{self.message.method} {_without_ids(self.message.address)}"

    @property
    def title(self) -> str:
        return f"{self.name} × {self.repeats}" if self.repeats > 1 else self.name

    @property
    def outcome(self) -> str:
        if self.message.status is None:
            return _("no response (%(error)s)") % {"error": self.message.error}
        return str(self.message.status)

    @property
    def duration(self) -> str:
        return (
            f"{self.message.milliseconds:,.0f} ms"
            if self.message.milliseconds >= 10
            else (f"{self.message.milliseconds:.1f} ms")
        )

    @property
    def ends_at(self) -> datetime:
        return self.message.started_at + timedelta(milliseconds=self.message.milliseconds)

    @property
    def saw(self) -> str:
        """Say what the visitor saw: the heading of our page, or where our answer sent them."""
        answer = self.message.answer if isinstance(self.message.answer, dict) else {}
        if self.message.kind != WireMessage.Kind.VISIT:
            return ""
        if page := answer.get("page"):
            return str(page)
        place = answer.get("location") or answer.get("url")
        return _("was redirected to %(address)s") % {"address": _without_ids(str(place))} if place else ""

    @property
    def leads_to_stripe(self) -> bool:
        """Whether our answer sent the visitor to Stripe's own page."""
        answer = self.message.answer if isinstance(self.message.answer, dict) else {}
        place = str(answer.get("location") or answer.get("url") or "")
        return self.message.kind == WireMessage.Kind.VISIT and "/c/pay/" in place.partition("?")[0]

    @property
    def parameters(self) -> SafeString:
        return pretty(self.message.parameters, self.room)

    @property
    def answer(self) -> SafeString:
        return pretty(self.message.answer, self.room)


def pretty(value: Json, room: int) -> SafeString:
    """Write JSON for reading, without what is null or empty, in up to `room` bytes.

    Only `&`, `<` and `>` are escaped: quotes need it in attributes alone, and would make a page twice as long.
    """
    written = json.dumps(filled(value), indent=2, ensure_ascii=False)
    if len(written.encode()) > room:
        written = written.encode()[:room].decode(errors="ignore").rsplit("\n", 1)[0] + "\n…"
    return SafeString(written.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def filled(value: Json) -> Json:
    """Return JSON without what is null or empty in its objects."""
    if isinstance(value, dict):
        return {name: filled(content) for name, content in value.items() if content not in (None, "", [], {})}
    return [filled(item) for item in value] if isinstance(value, list) else value
