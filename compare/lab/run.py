"""One run of a scenario in one shop: who takes part, what can be done, and its outcome."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from copy import copy
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import msgspec
from django.db import connections
from django.test import Client, RequestFactory
from django.utils import timezone

from compare.apart.shop import ADDRESSES, HOST, Account, Delivery
from compare.content.entries import Rung
from compare.content.lab import Outcome
from compare.content.values import Confirmation, LabVerdict
from compare.lab.shops import PRICE, Shop, shop_of, stripe_side
from compare.lab.tape import Tape, start
from compare.lab.visitors import Legacy, Modern, Visitor
from compare.models import WireMessage
from compare.wire.step import filled

T = TypeVar("T")
MESSAGE_FIELDS = ("kind", "milliseconds", "method", "address", "status", "request_id", "idempotency_key", "error")
# What a scenario may want in the end.
PAID, NOTHING, REFUNDED, DISPUTED = "paid", "nothing", "refunded", "disputed"


def verdict(
    wanted: str,
    saw: str,
    took: list[int],
    books: list[int],
    delivered: int,
    *,
    is_noted: bool = False,
    is_disputed: bool = False,
    is_early: bool = False,
) -> LabVerdict:
    """Return what is to be said of a run, the worst first; `labels.toml` says it in words.

    `is_noted`: staff are shown that Stripe's data and the order differ. `is_early`: the books said that it was paid
    before Stripe took anything.
    """
    faults: dict[LabVerdict, bool] = {
        "held": max(took, default=0) > PRICE and is_noted,
        "overcharged": max(took, default=0) > PRICE,
        "twice": len(took) > 1,
        "unnoticed": (wanted == DISPUTED and not is_disputed) or (wanted == REFUNDED and sum(books) != sum(took)),
        "given": sum(books) > sum(took) or delivered > len(took),
        "lost": sum(took) > sum(books),
        "unpaid": wanted == PAID and not took,
        "early": is_early,
        "misled": bool(took) and saw == "error",
    }
    return next((name for name, is_so in faults.items() if is_so), "right")


class Run:
    """A run, for a script: the visitor, Stripe's events, the scheduled job, and the clock of Stripe's side."""

    def __init__(self, rung: Rung, account: Account, language: str) -> None:
        self.shop: Shop = shop_of(rung)
        self.account = account
        self.rung, self.flow = rung.id, rung.flow
        self.language = language
        self.tape: Tape = start()
        self.tape.after_step = self._look
        self.visitor = self.another_visitor()
        self.wanted = PAID
        self.confirmed: Confirmation | None = None
        self._taken_at: float | None = None
        self._moved_at: datetime | None = None
        self._confirmed_after: float | None = None  # seconds
        self._ahead = 0.0

    def another_visitor(self) -> Visitor:
        kind = Legacy if self.flow == "legacy" else Modern
        return kind(self.shop, self.tape, self.flow, self.language)

    def due(self, ahead: float = 0) -> list[Delivery]:
        """Let Stripe do what is due within so many seconds; return the events to post."""
        deliveries = self.account.deliveries(ahead=ahead)
        self._ahead += ahead
        self._look()
        return deliveries

    def deliver(self, ahead: float = 0) -> list[Delivery]:
        """Let Stripe post its events to the shop, if that has an address for them; return them."""
        deliveries = self.due(ahead)
        self.notify(deliveries)
        return deliveries

    def notify(self, deliveries: list[Delivery]) -> None:
        """Post events to the shop as they are given; Stripe has no endpoint for one without an address for them."""
        for body, headers in deliveries if self.shop.has_webhook else ():
            kind = headers.get("Content-Type", "application/json")
            sent = {name: value for name, value in headers.items() if name == "Stripe-Signature"}
            request = RequestFactory(SERVER_NAME=HOST).post("/webhook/", body, kind)
            self.tape.webhook(request, partial(self._post, body, kind, sent))

    def check(self) -> None:
        """Let the shop's scheduled job compare its books with Stripe's."""
        self.shop.check()
        self._look("check")

    def copy_of_visitor(self) -> Visitor:
        """Return the same browser once more, for a second click in it."""
        return copy(self.visitor)

    def meanwhile(self, work: Callable[[], T]) -> T:
        """Do something while the shop is busy with a request: in a thread, as a server does."""
        found: list[T] = []

        def done() -> None:
            try:
                found.append(work())
            finally:
                connections.close_all()

        thread = threading.Thread(target=done)
        thread.start()
        thread.join()
        return found[0]

    def taken(self) -> list[int]:
        """Return what Stripe took and did not give back, of each charge."""
        charges = stripe_side(self.account.secret_key).v1.charges.list({"limit": 100}).data
        return [charge.amount - charge.amount_refunded for charge in charges if charge.paid]

    def outcome(self) -> Outcome:
        """Return how the run ended, in the terms in which `lab.toml` documents it."""
        took, books, delivered = self.taken(), self.shop.books(), self.shop.delivered()
        confirmed: Confirmation = self.confirmed or ("never" if took else "nothing")
        sight = self.visitor.sight
        found = verdict(
            self.wanted,
            sight.kind,
            took,
            books,
            delivered,
            is_noted=self.shop.is_noted(),
            is_disputed=self.shop.is_disputed(),
            is_early=bool(self.confirmed) and self._confirmed_after is None,
        )
        return Outcome(
            rung=self.rung,
            saw=sight.kind,
            took=tuple(took),
            books=tuple(books),
            delivered=delivered,
            confirmed=confirmed,
            verdict=found,
        )

    def result(self) -> dict[str, Any]:
        """Return all that is shown of the run, as JSON can hold it."""
        paid_at = self.shop.paid_at()
        return msgspec.to_builtins(self.outcome()) | {
            "text": self.visitor.sight.text,
            "after": self._confirmed_after,
            "paid_at": paid_at.isoformat() if paid_at else None,
            "moved_at": self._moved_at.isoformat() if self._moved_at else None,
            "messages": [_as_json(message) for message in self.tape.messages],
        }

    def _look(self, step: Confirmation | None = None) -> None:
        if self._taken_at is None and self.taken():
            self._taken_at, self._moved_at = time.perf_counter() + self._ahead, timezone.now()
        if step and not self.confirmed and self.shop.books():
            self.confirmed = step
            now = time.perf_counter() + self._ahead
            self._confirmed_after = now - self._taken_at if self._taken_at is not None else None

    def _post(self, body: bytes, kind: str, headers: dict[str, str]) -> Any:
        environment: dict[str, Any] = {ADDRESSES: self.shop.addresses} if self.shop.addresses else {}
        client = Client(raise_request_exception=False, SERVER_NAME=HOST)
        return client.post("/webhook/", body, kind, headers=headers, **environment)


def _as_json(message: WireMessage) -> dict[str, Any]:
    bodies = {"parameters": filled(message.parameters), "answer": filled(message.answer)}
    values = {name: getattr(message, name) for name in MESSAGE_FIELDS}
    return values | bodies | {"started_at": message.started_at.isoformat()}
