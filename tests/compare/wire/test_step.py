"""One recorded message, as a page shows it."""

from __future__ import annotations

import json
from datetime import timedelta
from html import unescape

import pytest

from compare.wire.step import Step, actor_name, pretty
from tests.compare.stage.messages import START, message, payment_in


def test_markup_in_a_message_is_shown_as_text() -> None:
    written = pretty({"a": "<script>&", "b": None, "c": [], "d": 0}, 1000)

    assert written == '{\n  "a": "&lt;script&gt;&amp;",\n  "d": 0\n}'
    assert json.loads(unescape(written)) == {"a": "<script>&", "d": 0}
    assert pretty({"long": ["x" * 50] * 50}, 100).endswith("\n…")


def step(request: str, repeats: int = 1, **fields: object) -> Step:
    return Step(message(payment_in("legacy"), request, **fields), repeats)


@pytest.mark.parametrize(
    ("request_", "parameters", "name"),
    [
        ("call GET /v1/charges/ch_3NirD82eZvKYlo2C", {}, "GET /v1/charges/…"),
        ("call GET /v1/checkout/sessions/cs_test_a1B2c3D4e5", {}, "GET /v1/checkout/sessions/…"),
        ("call GET /v1/checkout/sessions/cs_oihe9c-aTxIxFgwX", {}, "GET /v1/checkout/sessions/…"),
        ("call POST /v1/checkout/sessions", {}, "POST /v1/checkout/sessions"),
        ("visit GET /payments/0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f/", {}, "GET /payments/…/"),
        ("webhook POST /webhook/", {"type": "charge.succeeded"}, "charge.succeeded"),
        ("webhook POST /webhook/", {}, "webhook"),
    ],
)
def test_a_step_is_named_without_ids_and_a_webhook_by_its_type(request_: str, parameters: dict, name: str) -> None:
    assert step(request_, parameters=parameters).name == name
    assert step(request_, 3, parameters=parameters).title == f"{name} × 3"


@pytest.mark.parametrize(
    ("kind", "route"), [("visit", "you → us"), ("call", "us → Stripe"), ("webhook", "Stripe → us")]
)
def test_a_step_goes_from_who_asks_to_who_answers(kind: str, route: str) -> None:
    each = step(f"{kind} POST /")

    assert each.route == f"{actor_name(each.sender)} → {actor_name(each.receiver)}" == route


def test_a_step_without_an_answer_gives_the_reason() -> None:
    assert step("call POST /v1/charges", status=None, error="APIConnectionError").outcome == (
        "no response (APIConnectionError)"
    )
    assert step("call POST /v1/charges", status=402).outcome == "402"


@pytest.mark.parametrize(
    ("milliseconds", "shown"), [(0.25, "0.2 ms"), (9.9, "9.9 ms"), (10, "10 ms"), (1234, "1,234 ms")]
)
def test_a_short_duration_is_shown_with_a_tenth(milliseconds: float, shown: str) -> None:
    each = step("call POST /v1/charges", milliseconds=milliseconds)

    assert each.duration == shown
    assert each.ends_at == START + timedelta(milliseconds=milliseconds)


@pytest.mark.parametrize(
    ("kind", "answer", "saw", "leads_to_stripe"),
    [
        ("visit", {"page": "✔ Paid"}, "✔ Paid", False),
        ("visit", {"location": "https://x/c/pay/cs_test_a1B2c3#•••"}, "was redirected to https://x/c/pay/…#•••", True),
        ("visit", {"url": "https://x/c/pay/cs_test_a1B2c3D4"}, "was redirected to https://x/c/pay/…", True),
        ("visit", {"location": "/payments/"}, "was redirected to /payments/", False),
        ("visit", {}, "", False),
        ("visit", None, "", False),
        ("visit", ["a list"], "", False),
        ("call", {"url": "https://x/c/pay/cs_test_a1B2c3D4"}, "", False),
    ],
)
def test_a_step_says_what_the_visitor_saw_and_whether_it_was_stripes_page(
    kind: str, answer: object, saw: str, leads_to_stripe: bool
) -> None:
    each = step(f"{kind} POST /checkout/", answer=answer)

    assert (each.saw, each.leads_to_stripe) == (saw, leads_to_stripe)


def test_a_body_is_cut_to_its_room_at_the_end_of_a_line_and_never_within_a_letter() -> None:
    for room in range(20, 60):
        cut = pretty({"名前": "日本語日本語", "b": "日本語日本語"}, room)
        assert len(cut.encode()) <= room + len("\n…".encode())
        assert "\ufffd" not in cut
    assert pretty({"a": 1}, 100) == '{\n  "a": 1\n}'
