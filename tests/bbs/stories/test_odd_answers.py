"""A server in Stripe's place that answers in odd shapes: no page, command or event fails, and nothing is lost."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from bbs.models import Payment, Topic
from tests.stage.people import Visitor
from tests.stage.stories import FLOWS, pay_unnoticed, reconcile, run, send
from tests.stage.stripe_side import signed_deliveries
from tests.stage.transports import Odd

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

ODD, WELL = "tests.stage.transports.Odd", "tests.stage.transports.Impatient"
BODIES = ["", "<!DOCTYPE html><h1>Welcome to nginx</h1>", "[]", "null", "5", "{}", "[" * 1000, '{"object": []}']
FIELDS = [
    *("id", "url", "status", "payment_status", "amount_total", "amount_captured", "amount_refunded", "currency"),
    *("livemode", "paid", "disputed", "payment_intent", "latest_charge", "customer_details", "metadata", "outcome"),
    *("client_reference_id", "payment_method_details", "card", "last4", "receipt_email", "failure_code"),
    *("data", "has_more", "object"),
]
VALUES = [..., None, 5, "2000", "\x00", "x" * 300, [], {}, {"id": {}}]


def with_field(name: str, value: object) -> Callable[[str], str]:
    """Return what gives a field another value, or removes it, wherever it is in an answer."""

    def change(inside: Any) -> Any:
        if isinstance(inside, list):
            return [change(each) for each in inside]
        if not isinstance(inside, dict):
            return inside
        changed = {key: change(each) for key, each in inside.items()}
        if name in changed:
            del changed[name]
            changed |= {} if value is ... else {name: value}
        return changed

    return lambda body: json.dumps(change(json.loads(body)))


def changes() -> dict[str, Callable[[str], str]]:
    """Return each way to be odd: a whole body, or a field that is missing or has one of the values, in its turn."""
    bodies = {body[:30]: (lambda _body, other=body: other) for body in BODIES}
    fields = {
        f"{name} {str(value)[:30]!r}": with_field(name, value)
        for number, name in enumerate(FIELDS)
        for value in (..., VALUES[number % len(VALUES)])
    }
    return bodies | fields


def visits(visitor: Visitor, staff: Client, payment: Payment, form: dict[str, str]) -> list[Callable[[], int]]:
    """Return all that asks Stripe about a payment; each returns the status of an answer."""
    session, receipt = payment.checkout_session_id or "", payment.get_absolute_url()
    chosen = {"action": "ask_stripe", "_selected_action": [payment.pk]}
    refund = {"amount": 100, "reason": "duplicate", "confirmed": "on", "refunded": payment.amount_refunded}
    stay = {"allow_redirects": False}

    def command(name: str) -> int:
        with suppress(CommandError):
            run(name)
        return 200

    return [
        lambda: visitor.get(f"/success/?session_id={session}", **stay).status_code,
        lambda: visitor.get(f"/canceled/?payment={payment.pk}", **stay).status_code,
        lambda: visitor.post(receipt, {}, **stay).status_code,
        lambda: visitor.post("/checkout/", form, **stay).status_code,
        lambda: visitor.post("/create-checkout-session/", {}, headers={"Accept": "application/json"}).status_code,
        lambda: visitor.get(f"/checkout-session/?sessionId={session}").status_code,
        lambda: staff.post("/admin/bbs/payment/", chosen).status_code,
        lambda: staff.post(f"/admin/bbs/payment/{payment.pk}/refund/", refund).status_code,
        lambda: max(send(signed_deliveries()), default=200),
        lambda: command("reconcile_payments"),
        lambda: command("check_books"),
    ]


@pytest.mark.parametrize("flow", FLOWS)
def test_no_odd_answer_is_a_500_anywhere_and_the_payment_is_settled_once_stripe_answers_well(
    settings, monkeypatch: pytest.MonkeyPatch, mike: Visitor, admin_client: Client, flow: str
) -> None:
    _path, form = pay_unnoticed(mike, settings, flow)
    signed_deliveries()  # lost
    admin_client.raise_request_exception = False
    payment, failed = Payment.objects.get(), []
    everywhere = visits(mike, admin_client, payment, form or {"order": mike.see_order()})

    for number, (name, change) in enumerate(changes().items()):
        Topic.objects.filter(payment=payment).delete()
        payment.mails.all().delete()
        payment.save()  # as it was before any answer
        monkeypatch.setattr(Odd, "change", staticmethod(change))
        settings.STRIPE_HTTP_CLIENT = ODD
        # Each change is met in every third place, and each place by every third change.
        statuses = [visit() for visit in everywhere[number % 3 :: 3]]
        failed += [(name, status) for status in statuses if status not in (200, 302, 303, 404, 502, 503)]

    assert failed == []
    payment.save()
    settings.STRIPE_HTTP_CLIENT = WELL
    reconcile()
    assert Payment.objects.get(pk=payment.pk).is_paid


def in_stripes_place(settings, monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str]) -> None:
    monkeypatch.setattr(Odd, "change", staticmethod(change))
    settings.STRIPE_HTTP_CLIENT = ODD


@pytest.mark.parametrize("change", [with_field("payment_intent", ...), with_field("payment_intent", None)])
def test_a_paid_session_without_a_payment_intent_is_kept_for_staff_and_holds_up_no_other_payment(
    settings, monkeypatch: pytest.MonkeyPatch, mike: Visitor, hanako: Visitor, change: Callable[[str], str]
) -> None:
    path, _form = pay_unnoticed(mike, settings, "modern")
    in_stripes_place(settings, monkeypatch, change)

    receipt = mike.get(path)
    session = mike.get(path.replace("/success/?session_id", "/checkout-session/?sessionId"))

    assert (receipt.status_code, session.status_code) == (200, 200)
    payment = Payment.objects.get()
    assert (payment.is_paid, payment.mismatched) == (False, True)
    assert "neither a PaymentIntent nor a Charge" in payment.history.get(kind="mismatch").detail
    settings.STRIPE_HTTP_CLIENT = WELL
    pay_unnoticed(hanako, settings, "legacy")
    in_stripes_place(settings, monkeypatch, change)
    assert "1 paid, 1 pending" in reconcile()


def test_an_id_with_a_dash_leads_back_to_the_receipt(settings, monkeypatch: pytest.MonkeyPatch, mike: Visitor) -> None:
    """Another server's ids are of another form; only a look-up can say whether one is ours."""
    path, _form = pay_unnoticed(mike, settings, "modern")
    session = Payment.objects.get().checkout_session_id
    dashed = session.replace("cs_test_", "cs_test-")
    Payment.objects.update(checkout_session_id=dashed)
    in_stripes_place(settings, monkeypatch, lambda body: body.replace(session, dashed))
    monkeypatch.setattr(Odd, "place", staticmethod(lambda url: url.replace(dashed, session)))

    receipt = mike.get(path.replace(session, dashed))

    assert "Paid ¥2,000" in receipt.text
    answer = mike.get(f"/checkout-session/?sessionId={dashed}")
    assert (answer.status_code, answer.json()["payment_status"]) == (200, "paid")


@pytest.mark.parametrize("flow", FLOWS)
def test_a_payment_that_cannot_be_understood_is_named_and_the_others_are_settled(
    settings, monkeypatch: pytest.MonkeyPatch, mike: Visitor, hanako: Visitor, flow: str
) -> None:
    pay_unnoticed(mike, settings, "modern")
    first = Payment.objects.get()
    pay_unnoticed(hanako, settings, flow)
    second = Payment.objects.exclude(pk=first.pk).get()
    session = with_field("amount_total", "2000")
    in_stripes_place(settings, monkeypatch, lambda body: session(body) if first.checkout_session_id in body else body)
    errors = io.StringIO()

    with pytest.raises(CommandError, match="1 of these failed, as named above"):
        call_command("reconcile_payments", stdout=io.StringIO(), stderr=errors)

    said = f"{first.pk}: NotUnderstood: The response is not understood, response.amount_total is missing, or not of"
    assert said in errors.getvalue()
    assert Payment.objects.get(pk=first.pk).status == "pending"
    assert Payment.objects.get(pk=second.pk).status == "paid"
