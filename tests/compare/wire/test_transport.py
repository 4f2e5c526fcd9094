"""A call about a payment is recorded, and handed through as it is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import pytest
import stripe

from bbs.models import Payment
from bbs.payments.context import within_payment
from compare.models import WireMessage
from compare.wire import recorder
from compare.wire.gathering import gathering
from compare.wire.recorder import Recorded
from compare.wire.transport import RecordingClient
from tests.compare.stage.messages import call
from tests.stage.people import VISA

LIVE = pytest.mark.django_db(databases="__all__", transaction=True)


@LIVE
@pytest.mark.usefixtures("stored_at_once")
@pytest.mark.parametrize(
    ("line", "error"), [("Unreachable", "APIConnectionError"), ("AnswerLost", "APIConnectionError")]
)
def test_a_call_that_got_no_answer_is_recorded_with_the_reason(hanako, settings, line: str, error: str) -> None:
    hanako.switch_flow("legacy")
    order, entered = hanako.see_order(), hanako.enter_card(VISA)
    settings.STRIPE_HTTP_CLIENT = f"tests.stage.transports.{line}"

    hanako.post("/checkout/", {"order": order, **entered})

    call = WireMessage.objects.get(kind="call")
    assert (call.status, call.error, call.answer) == (None, error, {})


class Inner(stripe.HTTPClient):
    """A client that answers one thing, or fails, and remembers what it was given."""

    name = "inner"
    answer = ('{"id": "ch_1"}', 200, {"request-id": "req_1"})

    def __init__(self, failing: BaseException | None = None) -> None:
        super().__init__()
        self.failing, self.given = failing, []

    def request_with_retries(self, *args: Any, **kwargs: Any) -> tuple[str, int, Mapping[str, str]]:
        self.given.append((args, kwargs))
        if self.failing:
            raise self.failing
        return self.answer


GIVEN = ("post", "https://api.stripe.com/v1/charges?a=1", {"Idempotency-Key": "k"}, "amount=2000")
MORE = {"max_network_retries": 2, "_usage": ["x"]}


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[Recorded]:
    """What is handed over to be stored."""
    handed: list[Recorded] = []
    monkeypatch.setattr(recorder, "store", handed.extend)
    return handed


@pytest.mark.parametrize("recording", [True, False])
@pytest.mark.parametrize("payment", [uuid.uuid4(), None], ids=["about a payment", "about none"])
def test_a_call_and_its_answer_are_handed_through_as_they_are(
    stored: list[Recorded], settings, recording: bool, payment: uuid.UUID | None
) -> None:
    settings.RECORD_WIRE, inner = recording, Inner()

    with within_payment(payment):
        answer = RecordingClient(inner).request_with_retries(*GIVEN, **MORE)

    assert answer == Inner.answer
    assert [(args, kwargs) for args, kwargs in inner.given] == [(GIVEN, MORE)]
    assert inner.given[0][1]["_usage"] is MORE["_usage"]
    assert [each.payment for each in stored] == ([payment] if recording and payment else [])


@pytest.mark.parametrize("payment", [uuid.uuid4(), None], ids=["about a payment", "about none"])
@pytest.mark.parametrize(
    "error", [stripe.APIConnectionError("no network"), stripe.RateLimitError("slower"), ConnectionResetError()]
)
def test_an_error_is_handed_through_as_it_is_and_recorded_by_its_type(
    stored: list[Recorded], error: Exception, payment: uuid.UUID | None
) -> None:
    with within_payment(payment), pytest.raises(type(error)) as caught:
        RecordingClient(Inner(error)).request_with_retries(*GIVEN)

    assert caught.value is error
    recorded = [(each.message.status, each.message.answer, each.message.error) for each in stored]
    assert recorded == ([(None, None, type(error).__name__)] if payment else [])


def test_what_is_recorded_is_what_was_sent_and_answered(stored: list[Recorded]) -> None:
    payment = uuid.uuid4()

    with within_payment(payment):
        RecordingClient(Inner()).request_with_retries(*GIVEN)

    (one,) = stored
    method, url, headers, body = GIVEN
    answer, status, answer_headers = Inner.answer
    assert one.payment == payment
    assert one.message == call(method, url, headers, body, status, answer, answer_headers)
    assert one.timing.milliseconds >= 0


def test_a_call_is_stored_with_the_request_in_which_it_is_made(stored: list[Recorded]) -> None:
    with gathering() as calls, within_payment(uuid.uuid4()):
        RecordingClient(Inner()).request_with_retries(*GIVEN)

    assert (len(calls), stored) == (1, [])


def test_a_record_that_cannot_be_stored_changes_no_answer(payment: Payment, monkeypatch, caplog) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(recorder, "_store", fail)

    with within_payment(payment.pk):
        assert RecordingClient(Inner()).request_with_retries(*GIVEN) == Inner.answer
    assert "The disk is full." in caplog.text
