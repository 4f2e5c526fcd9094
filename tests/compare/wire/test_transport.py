"""A call about a payment is recorded, and handed through as it is."""

from __future__ import annotations

import pytest

from compare.models import WireMessage
from tests.people import VISA

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.usefixtures("stored_at_once")]


@pytest.mark.parametrize(
    ("line", "error"), [("Unreachable", "APIConnectionError"), ("AnswerLost", "APIConnectionError")]
)
def test_a_call_that_got_no_answer_is_recorded_with_the_reason(hanako, settings, line: str, error: str) -> None:
    hanako.switch_flow("legacy")
    order, entered = hanako.see_order(), hanako.enter_card(VISA)
    settings.STRIPE_HTTP_CLIENT = f"tests.transports.{line}"

    hanako.post("/checkout/", {"order": order, **entered})

    call = WireMessage.objects.get(kind="call")
    assert (call.status, call.error, call.answer) == (None, error, {})
