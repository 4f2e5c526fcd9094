"""What a run records: each request to the shop, its calls to Stripe, and what goes wrong with them, as ordered."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import connection
from django.http import HttpRequest, HttpResponse

from compare.content.values import Confirmation
from compare.models import WireMessage
from compare.wire.messages import Call, IncomingRequest
from compare.wire.recorder import Stopwatch
from compare.wire.transport import WatchedClient

# The parameters that carry an amount of money to Stripe, in both flows.
_AMOUNTS = ("amount", "line_items[0][price_data][unit_amount]")


class Killed(BaseException):
    """The server's process ends here, as if its machine had lost power: no code of the shop may handle it."""


class Tape:
    """The messages of one run, in order, each as a row of the request log that is not saved.

    `after_call` is done once, after the next call that makes a charge or a session. `after_step` is called after each
    request to the shop with what it was (answer: to a form), and when the visitor has paid at Stripe. `factor` is by
    what a mistake in the shop's code multiplies the amounts that it sends.
    """

    def __init__(self) -> None:
        self.reference = uuid.uuid4()
        self.messages: list[WireMessage] = []
        self.after_call: Callable[[], object] | None = None
        self.after_step: Callable[[Confirmation | None], None] = lambda step: None
        self.factor = 1

    def visit(self, request: HttpRequest, ask: Callable[[], HttpResponse]) -> HttpResponse:
        """Record a visitor's request to the shop, and what comes of it. `request` is like the one that `ask` makes."""
        return self._record(WireMessage.Kind.VISIT, request, ask)

    def webhook(self, request: HttpRequest, ask: Callable[[], HttpResponse]) -> HttpResponse:
        """Record a webhook, and the shop's answer."""
        return self._record(WireMessage.Kind.WEBHOOK, request, ask)

    def _record(self, kind: WireMessage.Kind, request: HttpRequest, ask: Callable[[], HttpResponse]) -> HttpResponse:
        watch, place = Stopwatch(), len(self.messages)
        response = HttpResponse(status=503)
        error = ""
        try:
            response = ask()
            return response
        except Killed:
            error = "ConnectionReset"
            raise
        finally:
            row = IncomingRequest(kind, request, response).row(self.reference, watch.read())
            if error:
                row.status, row.error = None, error
            self.messages.insert(place, row)
            if kind == WireMessage.Kind.WEBHOOK:
                self.after_step("webhook")
            else:
                self.after_step("answer" if request.method == "POST" else "return-page")

    def call(self, message: Call, watch: Stopwatch) -> None:
        self.messages.append(message.row(self.reference, watch.read()))

    def bent(self, body: object) -> object:
        """Return what the shop's code sends, with the mistake that it makes."""
        if self.factor == 1 or not isinstance(body, str):
            return body
        sent = parse_qsl(body, keep_blank_values=True)
        bent = [(name, str(int(value) * self.factor) if name in _AMOUNTS else value) for name, value in sent]
        return urlencode(bent)


_current = Tape()


def start() -> Tape:
    """Begin a new tape: calls to Stripe are recorded on it from now on."""
    global _current
    _current = Tape()
    return _current


class TapingClient(WatchedClient):
    """Records each call to Stripe with its answer, and does what is ordered for it."""

    def seen(self, call: Call, watch: Stopwatch) -> None:
        _current.call(call, watch)

    def request_with_retries(
        self, method: str, url: str, headers: Mapping[str, str], post_data: object = None, *args: Any, **kwargs: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        tape = _current
        answer = super().request_with_retries(method, url, headers, tape.bent(post_data), *args, **kwargs)
        if tape.after_call and method.lower() == "post" and url.endswith(("/charges", "/sessions")):
            ordered, tape.after_call = tape.after_call, None
            ordered()
        return answer


@contextmanager
def power_cut_at_the_next_write() -> Iterator[None]:
    """End the server's process where it would write to its database next."""

    def end(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(end):
        yield
