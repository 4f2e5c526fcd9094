"""From a request and its answer, as they were on the wire, to the masked row that is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.html import strip_tags

from compare.models import WireMessage
from compare.wire import masking
from compare.wire.masking import Json

# Longer ones are not kept: they would cost a payment time, and are never read.
LONGEST = 40_000  # characters


@dataclass(frozen=True)
class Timing:
    """When a request was made, and how long its answer took."""

    started_at: datetime
    milliseconds: float


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call to Stripe as stripe-python makes it. `status` is None, and `error` says why, when no answer came."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: object
    status: int | None
    answer: str | None
    answer_headers: Mapping[str, str]
    error: str
    kind = WireMessage.Kind.CALL

    def row(self, reference: UUID, timing: Timing) -> WireMessage:
        """Return the row that is kept of it."""
        address = urlsplit(self.url)
        sent = [*parse_qsl(address.query), *_body_parameters(self.body)]
        return _row(
            reference,
            timing,
            kind=self.kind,
            method=self.method,
            address=address.path,
            parameters=masking.parameters(sent),
            status=self.status,
            answer=masking.tree(_without_others(_parsed(self.answer), dict(sent), reference)),
            request_id=self.answer_headers.get("request-id", ""),
            idempotency_key=self.headers.get("Idempotency-Key", ""),
            error=self.error,
        )


@dataclass(frozen=True)
class IncomingRequest:
    """A request that came to us, and our answer."""

    kind: WireMessage.Kind
    request: HttpRequest
    response: HttpResponse

    def row(self, reference: UUID, timing: Timing) -> WireMessage:
        """Return the row that is kept of it."""
        is_webhook = self.kind == WireMessage.Kind.WEBHOOK
        query = [(name, value) for name, values in self.request.GET.lists() for value in values]
        posted = [] if is_webhook else [(name, value) for name, values in self.request.POST.lists() for value in values]
        event = _parsed(self.request.body.decode()) if is_webhook else None
        return _row(
            reference,
            timing,
            kind=self.kind,
            method=self.request.method,
            address=self.request.path,
            parameters=masking.tree(event) if is_webhook else masking.form([*query, *posted]),
            status=self.response.status_code,
            answer=_answer(self.response),
        )


def _row(reference: UUID, timing: Timing, **fields: Any) -> WireMessage:
    texts = {name: masking.text(fields.get(name) or "") for name in ("request_id", "idempotency_key", "error")}
    return WireMessage(
        payment_id=reference,
        started_at=timing.started_at,
        milliseconds=round(timing.milliseconds, 3),
        demo=settings.RECORD_PUBLIC,
        kind=fields["kind"],
        method=masking.text(str(fields["method"]).upper())[:7],
        address=masking.text(str(fields["address"]))[:300],
        parameters=fields["parameters"],
        status=fields["status"],
        answer=fields["answer"],
        **{name: value[:100] if name == "error" else value[:255] for name, value in texts.items()},
    )


def _body_parameters(body: object) -> list[tuple[str, str]]:
    """Read the form that v1 takes, or the JSON that v2 takes."""
    written = body.decode() if isinstance(body, bytes) else body
    if not isinstance(written, str) or len(written) > LONGEST:
        return []
    if written.startswith("{"):
        return list(_parsed(written).items())
    return parse_qsl(written, keep_blank_values=True)


def _without_others(answer: Json, sent: Mapping[str, str], reference: UUID) -> Json:
    """Keep of a list only what is this payment's: looking for a charge shows other people's charges too."""
    if not isinstance(answer, dict) or answer.get("object") != "list":
        return answer
    if "charge" in sent or "payment_intent" in sent:
        return answer
    items = answer.get("data")
    if not isinstance(items, list):
        return answer
    ours = [item for item in items if str(reference) in json.dumps(item)]
    return {**answer, "data": ours, "of_other_payments": len(items) - len(ours)}


def _answer(response: HttpResponse) -> Json:
    """Keep where our answer led, its JSON, or the heading that the visitor saw; never a page or a stream."""
    if location := response.headers.get("Location"):
        return {"location": masking.text(location)}
    if response.streaming:
        return {}
    content = response.content.decode(response.charset, "replace")
    if response.headers.get("Content-Type", "").startswith("application/json"):
        return masking.tree(_parsed(content))
    heading = content.partition("<h1")[2].partition(">")[2].partition("</h1>")[0]
    shown = unescape(strip_tags(heading[: masking.LONGEST_TEXT]))
    return {"page": masking.text(" ".join(shown.split()))} if shown else {}


def _parsed(written: str | None) -> Any:
    """Return what JSON says, whatever that is, or what stands for it."""
    if written and len(written) > LONGEST:
        return {"too_long_to_keep": len(written)}
    try:
        value = json.loads(written) if written else {}
        return {} if value is None else value  # the column has no null
    except (ValueError, RecursionError):  # the latter for what is nested a thousand deep
        return {"not_json": len(written or "")}
