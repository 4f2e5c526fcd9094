"""A story to take along: the whole record as JSON, and a Mermaid diagram."""

from __future__ import annotations

import re

import pytest

from tests.stage.recorded import addresses, pay

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.usefixtures("stored_at_once")]


def test_the_export_has_every_message_in_order_as_it_is_stored(mike, webhooks) -> None:
    payment = pay(mike, "modern")
    webhooks()

    record = mike.get(addresses(payment)[1]).json()

    assert record["payment"]["reference"] == str(payment.pk)
    stored = list(payment.messages.all())
    assert [message["order"] for message in record["messages"]] == list(range(1, len(stored) + 1))
    for exported, message in zip(record["messages"], stored, strict=True):
        assert (exported["address"], exported["answer"]) == (message.address, message.answer)
        assert exported["milliseconds"] == message.milliseconds


def test_the_mermaid_text_is_a_sequence_diagram(mike) -> None:
    payment = pay(mike, "modern")

    lines = mike.get(addresses(payment)[2]).text.splitlines()

    assert lines[:4] == [
        "sequenceDiagram",
        "  participant you as you",
        "  participant us as us",
        "  participant stripe as Stripe",
    ]
    assert "  you->>us: POST /checkout/" in lines
    assert "  us->>stripe: POST /v1/checkout/sessions" in lines
    pattern = r"  (you|us|stripe)--?>>(you|us|stripe): [^;#]+|  Note over [a-z,]+: [^;#]+|  participant .+"
    assert [line for line in lines[1:] if not re.fullmatch(pattern, line)] == []
