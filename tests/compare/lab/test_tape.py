"""The tape: what it records, and what goes wrong at its order, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import stripe
from django.http import HttpResponse
from django.test import RequestFactory

from bbs.models import Topic
from compare.lab import tape
from compare.lab.tape import Killed, TapingClient, power_cut_at_the_next_write

POST = RequestFactory().post("/checkout/", {"stripeToken": "tok_1SandboxSandbox1"})


class Stripe(stripe.HTTPClient):
    """Answers every call alike, or not at all."""

    name = "stage"

    def __init__(self, *, answers: bool = True) -> None:
        super().__init__()
        self.answers, self.sent = answers, []

    def request_with_retries(self, *args: Any, **kwargs: Any) -> tuple[str, int, Mapping[str, str]]:
        self.sent.append(args[3])
        if not self.answers:
            raise stripe.APIConnectionError("as ordered")
        return '{"object": "charge"}', 200, {"request-id": "req_1"}


def call(client: TapingClient, url: str = "https://api.stripe.com/v1/charges", body: str = "amount=500") -> None:
    client.request_with_retries("post", url, {}, body)


def test_requests_and_the_calls_within_them_are_in_the_order_in_which_they_began() -> None:
    recorded, client, steps = tape.start(), TapingClient(Stripe()), []
    recorded.after_step = steps.append

    recorded.visit(POST, lambda: [call(client), HttpResponse()][1])
    recorded.webhook(RequestFactory().post("/webhook/", b"{}", "application/json"), HttpResponse)
    recorded.visit(RequestFactory().get("/success/"), HttpResponse)

    assert [message.kind for message in recorded.messages] == ["visit", "call", "webhook", "visit"]
    assert recorded.messages[0].parameters == {"stripeToken": "tok_•••box1"}
    assert steps == ["answer", "webhook", "return-page"]


def test_a_call_without_an_answer_and_a_server_that_dies_are_recorded_as_such() -> None:
    recorded = tape.start()

    with pytest.raises(stripe.APIConnectionError):
        call(TapingClient(Stripe(answers=False)))
    with pytest.raises(Killed):
        recorded.visit(POST, lambda: (_ for _ in ()).throw(Killed))

    assert [(message.status, message.error) for message in recorded.messages] == [
        (None, "APIConnectionError"),
        (None, "ConnectionReset"),
    ]


def test_what_is_ordered_for_the_next_call_happens_once_and_not_for_another_call() -> None:
    recorded, client, done = tape.start(), TapingClient(Stripe()), []
    recorded.after_call = lambda: done.append(len(recorded.messages))

    call(client, "https://api.stripe.com/v1/refunds")
    call(client)
    call(client)

    assert done == [2]


@pytest.mark.parametrize(
    ("sent", "bent"),
    [
        ("amount=500&currency=jpy", "amount=50000&currency=jpy"),
        (
            "line_items[0][price_data][unit_amount]=500&line_items[0][quantity]=1",
            "line_items%5B0%5D%5Bprice_data%5D%5Bunit_amount%5D=50000&line_items%5B0%5D%5Bquantity%5D=1",
        ),
        (None, None),
    ],
)
def test_a_mistake_of_the_shops_code_changes_the_amounts_that_it_sends_alone(sent: str, bent: str) -> None:
    recorded, outside = tape.start(), Stripe()
    call(TapingClient(outside), body=sent)
    recorded.factor = 100
    call(TapingClient(outside), body=sent)

    assert outside.sent == [sent, bent]


@pytest.mark.django_db
def test_a_power_cut_comes_with_the_next_write_and_no_reading_brings_it() -> None:
    with power_cut_at_the_next_write():
        assert not Topic.objects.exists()
        with pytest.raises(Killed):
            Topic.objects.create(comment="Hello")

    assert not Topic.objects.exists()
