"""The code that a recorded message leads to is the code that sent or answered it."""

from __future__ import annotations

import traceback
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import stripe
from django.conf import settings

from bbs import payments
from compare.content.lines import spans
from compare.models import WireMessage
from compare.wire import transport
from compare.wire.code import CALLS, code_behind
from compare.wire.recorder import Recorded
from compare.wire.step import Step
from compare.wire.story import Story
from tests.compare.stage.recorded import pay
from tests.stage.people import DECLINED, Visitor

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.usefixtures("stored_at_once")]

DISPUTED = "4000000000000259"
PAYMENTS = settings.BASE_DIR / "bbs" / "payments"
Senders = list[tuple[tuple[UUID, str, str], set[str]]]


@pytest.fixture
def senders(monkeypatch) -> Senders:
    """Of each call that is recorded: its payment, method and address, and our functions that were being run."""
    seen, record_call = [], transport.record_call

    def listen(recorded: Recorded) -> None:
        frames = [(Path(frame.filename), frame.name) for frame in traceback.extract_stack()]
        running = {f"{path.stem}.{name}" for path, name in frames if path.parent == PAYMENTS}
        call = recorded.message
        seen.append(((recorded.payment, call.method.upper(), urlsplit(call.url).path), running))
        record_call(recorded)

    monkeypatch.setattr(transport, "record_call", listen)
    return seen


def live_through_everything(visitor: Visitor, webhooks, flow: str) -> None:
    """Make payments to which everything happens that makes us call Stripe."""
    bought, declined, disputed = pay(visitor, flow), pay(visitor, flow, DECLINED), pay(visitor, flow, DISPUTED)
    webhooks(ahead=60)
    for payment in (bought, declined, disputed):
        payment.refresh_from_db()
        payments.confirm(payment)
    payments.refund(bought, 500)
    for amount in range(1, 11):  # more than come with their charge
        stripe.Refund.create(charge=bought.charge_id, amount=amount)
    webhooks(ahead=60)


@pytest.mark.once
def test_a_call_leads_to_the_functions_that_send_it_and_to_no_others(mike, webhooks, senders: Senders) -> None:
    for flow in ("legacy", "modern"):
        live_through_everything(mike, webhooks, flow)

    linked, sent = {}, set()
    for message in WireMessage.objects.filter(kind="call"):
        step = Step(message)
        linked[message.payment_id, message.method, message.address] = (
            step.name,
            {place.label for place in code_behind(step)},
        )
    for call, running in senders:
        name, functions = linked[call]
        assert functions & running, call
        sent |= {(name, function) for function in functions & running}

    assert sent == {(name, function) for name, functions in CALLS.items() for function in functions}


@pytest.mark.parametrize("flow", ["legacy", "modern"])
def test_a_request_to_us_leads_to_the_view_that_answers_it(mike, webhooks, flow: str) -> None:
    payment = pay(mike, flow)
    webhooks()

    steps = [step for step in Story.of(payment).steps if step.message.kind != WireMessage.Kind.CALL]
    found = {step.name: [place.label for place in code_behind(step)] for step in steps}

    assert found["POST /checkout/"] == ["views.checkout"]
    assert found["GET /payments/…/"] == ["views.receipt"]
    assert found["charge.succeeded"] == ["webhook.webhook"]
    assert all(place.name in {span.name for span in spans(place.file.path)} for s in steps for place in code_behind(s))


def test_a_message_at_an_address_that_is_gone_leads_nowhere(mike) -> None:
    payment = pay(mike, "legacy")
    payment.messages.filter(kind="visit").update(address="/gone/")
    payment.messages.filter(kind="call").update(address="/v1/gone")

    assert not any(code_behind(step) for step in Story.of(payment).steps)
