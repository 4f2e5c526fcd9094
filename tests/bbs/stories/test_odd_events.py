"""Signed events in hundreds of odd shapes: each is kept, none fails the site, and none delivers what was not paid."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from bbs.models import Mail, Payment, Topic, WebhookEvent
from tests.stage.people import Visitor
from tests.stage.stories import FLOWS, pay, signed
from tests.stage.stripe_side import signed_deliveries

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

PAID = {"modern": "checkout.session.completed", "legacy": "charge.succeeded"}
VALUES = [
    *(None, 5, -1, 2000.0, 10**30, "", "2000", "\x00", "\ud800", "\n", "x" * 10_000),
    *([], {}, [{}], {"id": 5}, {"object": []}),
]
DEEP: Any = json.loads("[" * 300 + "]" * 300)
# Without one of these as it was, it is not said that our order was paid.
DECISIVE = {
    *("livemode", "data", "data.object", "data.object.amount_total", "data.object.amount_captured"),
    *("data.object.currency", "data.object.livemode", "data.object.paid", "data.object.payment_status"),
}

READ = {
    *("id", "type", "api_version", "data.object.id", "data.object.client_reference_id", "data.object.metadata"),
    *("data.object.payment_intent", "data.object.customer_details", "data.object.customer_details.email"),
    *("data.object.payment_method_details", "data.object.payment_method_details.card", "data.object.receipt_email"),
    *("data.object.payment_method_details.card.last4", "data.object.outcome", "data.object.status"),
}


def places(values: dict[str, Any], place: str = "") -> Iterator[str]:
    """Yield the dotted path of each field of an event."""
    for name, value in values.items():
        yield f"{place}{name}"
        if isinstance(value, dict):
            yield from places(value, f"{place}{name}.")


def mutations(event: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a path and the event that differs there: the field is missing, or has another value."""
    for number, place in enumerate(places(event)):
        *parents, name = place.split(".")
        is_read = place in READ or place in DECISIVE
        # All values where a field is read, elsewhere one of them, each in its turn.
        for value in [..., *VALUES, DEEP] if is_read else [VALUES[number % len(VALUES)]]:
            mutated = copy.deepcopy(event)
            inside = mutated
            for parent in parents:
                inside = inside[parent]
            if value is ...:
                del inside[name]
            else:
                inside[name] = value
            yield place, mutated


def forget(payment: Payment) -> None:
    """Bring the payment back to where nothing was settled."""
    Topic.objects.filter(payment=payment).delete()
    Mail.objects.all().delete()
    Payment.objects.filter(pk=payment.pk).update(
        status="pending", paid_at=None, charge_id=None, payment_intent_id=None, email="", mismatched=False
    )


@pytest.mark.parametrize("flow", FLOWS)
def test_no_event_however_odd_fails_the_site_is_lost_or_delivers_what_was_not_paid(
    settings, mike: Visitor, admin_client: Client, flow: str
) -> None:
    pay(mike, flow)
    payment = Payment.objects.get()
    events = [json.loads(body) for body, _headers in signed_deliveries()]
    good = next(event for event in events if event["type"] == PAID[flow])
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"  # only the event says what was paid
    forget(payment)
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    wrong = []

    def deliver(event: dict[str, Any]) -> tuple[int, bool]:
        body, headers = signed(event)
        answer = client.post("/webhook/", body, "application/json", headers=headers)
        return answer.status_code, Topic.objects.filter(payment=payment).exists()

    assert deliver(good) == (200, True)
    sent = 0
    for sent, (place, event) in enumerate(mutations(good), start=1):
        forget(payment)
        if place != "id":
            event["id"] = f"evt_{sent}"
        kept = WebhookEvent.objects.count()
        status, delivered = deliver(event)
        if status not in (200, 503) or WebhookEvent.objects.count() == kept or (delivered and place in DECISIVE):
            wrong.append((place, status, delivered, WebhookEvent.objects.count() - kept, str(event)[:300]))
    assert sent >= 300
    assert wrong == []

    forget(payment)
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    errors = io.StringIO()
    with suppress(CommandError):
        call_command("reconcile_payments", stdout=io.StringIO(), stderr=errors)
    assert "Traceback" not in errors.getvalue()
    assert not WebhookEvent.objects.filter(processed_at=None, error="").exists()
    assert [(p.status, p.amount) for p in Payment.objects.all()] == [("paid", 2000)]
    assert Topic.objects.filter(payment=payment).count() == 1
    chosen = {"action": "process_again", "select_across": "1", "_selected_action": ["evt_1"]}
    page = admin_client.post("/admin/bbs/webhookevent/", chosen, follow=True)
    assert page.status_code == 200
    assert f"of {WebhookEvent.objects.count()} events were processed" in page.content.decode()
    assert Topic.objects.filter(payment=payment).count() == 1
