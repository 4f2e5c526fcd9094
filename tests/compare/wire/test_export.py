"""A story to take along: the whole record as JSON, and a Mermaid diagram."""

from __future__ import annotations

import re

import pytest

from bbs.models import Payment
from compare.models import WireMessage
from compare.wire.export import as_json, as_mermaid
from compare.wire.story import Story
from tests.compare.stage.messages import message, payment_in, steps
from tests.compare.stage.recorded import addresses, pay

LIVE = pytest.mark.django_db(databases="__all__", transaction=True)


@LIVE
@pytest.mark.usefixtures("stored_at_once")
def test_the_export_has_every_message_in_order_as_it_is_stored(mike, webhooks) -> None:
    payment = pay(mike, "modern")
    webhooks()

    record = mike.get(addresses(payment)[1]).json()

    assert record["payment"]["reference"] == str(payment.pk)
    stored = list(payment.messages.all())
    assert [each["order"] for each in record["messages"]] == list(range(1, len(stored) + 1))
    for exported, row in zip(record["messages"], stored, strict=True):
        assert (exported["address"], exported["answer"]) == (row.address, row.answer)
        assert exported["milliseconds"] == row.milliseconds


@LIVE
@pytest.mark.usefixtures("stored_at_once")
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


def test_the_export_of_a_payment_without_a_record_has_no_messages(payment: Payment) -> None:
    record = as_json(payment)

    assert record["messages"] == []
    assert (record["payment"]["amount"], record["payment"]["currency"]) == (2000, "jpy")


def test_a_message_is_exported_with_all_that_is_kept_of_it_but_its_number_in_our_database(payment: Payment) -> None:
    message(payment, "call POST /v1/charges", status=None, error="APIConnectionError").save()

    (exported,) = as_json(payment)["messages"]

    kept = {field.name for field in WireMessage._meta.fields} - {"id", "payment", "demo"}
    assert set(exported) == kept | {"order"}
    assert exported["error"] == "APIConnectionError"


def test_what_mermaid_would_read_as_its_own_is_left_out_of_labels() -> None:
    payment = payment_in("legacy")
    sign = message(payment, "webhook POST /webhook/", parameters={"type": "a;b#c"})
    pause = message(payment, "visit GET /", 9)

    lines = as_mermaid(Story(payment, steps(sign, pause))).splitlines()

    assert "  stripe->>us: a,bc" in lines
    assert "  us-->>stripe: 200 · 100 ms" in lines
    assert "  Note over you,stripe: +8.9 s" in lines
