"""Payments and their messages as they might have been recorded, for tests of what is made of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bbs.models import Payment
from compare.models import WireMessage
from compare.wire.messages import Call, Timing
from compare.wire.step import Step

START = datetime(2026, 11, 26, 12, tzinfo=UTC)
TIMING = Timing(START, 12.5)


def payment_in(flow: str, **fields: object) -> Payment:
    """Return a payment of ¥2,000 that was opened at START and is in no database."""
    usual = {
        "flow": flow,
        "visitor": uuid.uuid4(),
        "language": "en",
        "origin": "https://shop.example",
        "product_name": "T-shirt",
        "quantity": 1,
        "unit_amount": 2000,
        "amount": 2000,
        "currency": "jpy",
        "created_at": START,
    }
    return Payment(**usual | fields)


def message(payment: Payment, request: str, seconds: float = 0, **fields: object) -> WireMessage:
    """Return a message of a payment, so many seconds after START. `request` is a kind, a method and an address."""
    kind, method, address = request.split()
    usual = {"milliseconds": 100, "parameters": {}, "status": 200, "answer": {}}
    started_at = START + timedelta(seconds=seconds)
    return WireMessage(
        payment=payment, kind=kind, method=method, address=address, started_at=started_at, **usual | fields
    )


def steps(*messages: WireMessage) -> list[Step]:
    """Return messages as steps of a story; each gets a number, as if the database had given it."""
    for number, each in enumerate(messages, start=1):
        each.pk = number
    return [Step(each) for each in messages]


def call(
    method: str = "post",
    url: str = "https://api.stripe.com/v1/charges",
    headers: Mapping[str, str] | None = None,
    body: object = None,
    status: int | None = 200,
    answer: str | None = "{}",
    answer_headers: Mapping[str, str] | None = None,
    error: str = "",
) -> Call:
    """Return a call as the transport hands it over."""
    return Call(
        method=method,
        url=url,
        headers=headers or {},
        body=body,
        status=status,
        answer=answer,
        answer_headers=answer_headers or {},
        error=error,
    )
