"""The endpoint: what is refused, what is kept, and what changes nothing. Every signature is a real one."""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import stripe
import time_machine
from django.contrib.admin.utils import quote
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from bbs import payments
from bbs.models import Mail, Payment, WebhookEvent
from bbs.payments import ledger, shapes, webhook

pytestmark = pytest.mark.django_db(databases="__all__")


def event(kind: str = "checkout.session.completed", envelope: dict | None = None, **stripe_object: object) -> str:
    session = {"id": "cs_test_1", "object": "checkout.session", "metadata": {}, **stripe_object}
    return json.dumps(
        {
            "id": "evt_1",
            "object": "event",
            "api_version": "2026-10-28.endive",
            "created": int(time.time()),
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
            "data": {"object": session},
        }
        | (envelope or {})
    )


def sign(body: str, secret: str, age: int = 0) -> str:
    """Sign as Stripe does, `age` seconds ago."""
    return stripe.WebhookSignature.generate_signature_header(body, secret, timestamp=int(time.time()) - age)


def send(client: Client, body: str | bytes, signature: str | None):
    headers = {"Stripe-Signature": signature} if signature is not None else {}
    return client.post("/webhook/", body, content_type="application/json", headers=headers)


@contextmanager
def disk_full_for(table: str) -> Iterator[None]:
    """Let nothing be written to this table."""

    def refuse(execute: Callable, sql: str, *args: object) -> object:
        if f'INSERT INTO "{table}"' in sql:
            raise OperationalError("the disk is full")
        return execute(sql, *args)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def secret(settings) -> str:
    return settings.STRIPE_WEBHOOK_SECRETS[0]


@pytest.mark.parametrize(
    ("body", "signature", "reason"),
    [
        (event(), lambda body, secret: None, "No Stripe-Signature header"),
        (event(), lambda body, secret: "", "No Stripe-Signature header"),
        (event(), lambda body, secret: "nonsense", "Unable to extract timestamp"),
        (event(), lambda body, secret: sign(body, "whsec_wrong"), "No signatures found matching"),
        (event(), lambda body, secret: sign(body, secret, age=301), "Timestamp outside the tolerance zone"),
        (event(), lambda body, secret: sign(body + " ", secret), "No signatures found matching"),
        ("not JSON", lambda body, secret: None, "No Stripe-Signature header"),
        ("[" * 1000, lambda body, secret: "t=1,v1=0", "No signatures found matching"),
        (b"\xff", lambda body, secret: "t=1,v1=0", "can't decode byte"),
        (event(), lambda body, secret: "t=1,v1=é", "not ASCII"),
    ],
    ids=[
        "no header",
        "empty header",
        "nonsense",
        "wrong secret",
        "301 s old",
        "changed body",
        "not JSON",
        "nested",
        "no text",
        "not ASCII",
    ],
)
def test_what_stripe_did_not_sign_is_refused_and_logged_and_not_kept(
    client, secret, caplog, body: str, signature, reason: str
) -> None:
    with caplog.at_level(logging.WARNING, "bbs"):
        response = send(client, body, signature(body, secret))

    assert response.status_code == 400
    assert not WebhookEvent.objects.exists()
    assert reason in caplog.text
    assert secret not in caplog.text + response.content.decode()


def test_a_signature_of_299_seconds_ago_is_good(client, secret) -> None:
    with time_machine.travel("2026-11-22 12:00+09:00", tick=False):
        assert send(client, event(), sign(event(), secret, age=299)).status_code == 200


def test_any_of_our_secrets_is_good_while_one_is_being_rolled(client, settings) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_old", "whsec_new"]

    assert send(client, event(), sign(event(), "whsec_old")).status_code == 200
    assert send(client, event(), sign(event(), "whsec_new")).status_code == 200
    assert send(client, event(), sign(event(), "whsec_other")).status_code == 400


def test_a_signature_by_another_secret_names_the_setting_that_may_be_wrong(client, secret, caplog) -> None:
    send(client, event(), "t=1")
    assert "STRIPE_WEBHOOK_SECRET" not in caplog.text

    send(client, event(), sign(event(), "whsec_other"))
    assert "STRIPE_WEBHOOK_SECRET is not the secret of the endpoint" in caplog.text
    assert "whsec_" not in caplog.text


def test_without_a_secret_every_webhook_is_refused_and_the_log_says_what_to_set(client, settings, caplog) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = []

    assert send(client, event(), sign(event(), "whsec_x")).status_code == 400
    assert "STRIPE_WEBHOOK_SECRET" in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        event("customer.created", id="cus_1", object="customer"),
        event("some.future.type"),
        event(client_reference_id="0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f"),
        event(client_reference_id="not one of our references"),
        event(metadata={"payment": "⚡"}),
        event(client_reference_id=None, metadata=None),
    ],
    ids=["other object", "unknown type", "unknown payment", "not a reference", "odd metadata", "stripe trigger"],
)
def test_an_event_that_is_not_about_us_is_kept_and_changes_nothing(client, secret, body: str) -> None:
    for _ in range(2):
        assert send(client, body, sign(body, secret)).status_code == 200

    kept = WebhookEvent.objects.get()
    assert kept.payload == body
    assert kept.processed_at is not None
    assert not Payment.objects.exists()


def test_an_event_is_kept_together_with_its_history_or_not_at_all(client, secret, payment: Payment) -> None:
    body = event("charge.succeeded", **paid_charge(payment))

    with disk_full_for("bbs_historyentry"), pytest.raises(OperationalError):
        send(client, body, sign(body, secret))

    assert not WebhookEvent.objects.exists()


def without(name: str, *, inside: str = "") -> str:
    values = json.loads(event())
    del (values[inside] if inside else values)[name]
    return json.dumps(values)


THIN = {"id": "evt_1", "object": "v2.core.event", "type": "v2.core.event_destination.ping", "livemode": False}
OTHER_BODIES = {
    "empty": ("", "no JSON"),
    "text": ("not JSON", "no JSON"),
    "byte order mark": ("\ufeff" + event(), "no JSON"),
    "raw NUL": ("\x00", "no JSON"),
    "long number": ("9" * 5000, "no JSON"),
    "deep": ("[" * 1000, "nested too deep"),
    "deeper": ('{"data":' * 100_000, "nested too deep"),
    "as deep as JSON goes": ("[" * 900 + "]" * 900, "nested too deep"),
    "list": ("[]", "event is missing"),
    "null": ("null", "event is missing"),
    "pairs": ('[["id", "evt_1"]]', "event is missing"),
    "thin": (json.dumps(THIN), "a thin event"),
    "no id": (without("id"), "event.id"),
    "no type": (without("type"), "event.type"),
    "no mode": (without("livemode"), "event.livemode"),
    "no object": (without("object", inside="data"), "event.data.object"),
    "id is a number": (event(envelope={"id": 5}), "event.id"),
    "long id": (event(envelope={"id": "e" * 256}), "event.id"),
    "NUL in its id": (event(envelope={"id": "evt_\x00"}), "event.id"),
    "half a pair in its id": (event(envelope={"id": "evt_\ud800"}), "event.id"),
    "line break in its id": (event(envelope={"id": "evt_1\nevt_2"}), "event.id"),
    "long type": (event("x" * 101), "event.type"),
    "NUL in its type": (event("x\x00"), "event.type"),
    "type is a list": (event(envelope={"type": []}), "event.type"),
    "version is a number": (event(envelope={"api_version": 5}), "event.api_version"),
    "account is an object": (event(envelope={"account": {}}), "event.account"),
    "no payment status": (event(amount_total=2000), "data.object.payment_status"),
    "amount is a text": (event(payment_status="paid", amount_total="2000"), "data.object.amount_total"),
    "session is a list": (event(envelope={"data": {"object": []}}), "event.data.object"),
    "metadata is a list": (event(payment_status="paid", metadata=[]), "data.object.metadata"),
}


@pytest.mark.parametrize(("body", "reason"), OTHER_BODIES.values(), ids=OTHER_BODIES.keys())
def test_what_is_signed_and_is_no_event_that_we_can_read_is_kept_with_its_error_and_not_sent_again(
    client: Client, admin_client: Client, secret: str, caplog, body: str, reason: str
) -> None:
    for _ in range(2):
        assert send(client, body, sign(body, secret)).status_code == 200

    kept = WebhookEvent.objects.get()
    assert kept.payload == body.replace("\x00", "�")
    assert reason in kept.error
    assert reason in caplog.text
    assert kept.processed_at is not None
    page = admin_client.get("/admin/bbs/webhookevent/?error__isempty=0").content.decode()
    assert escape(kept.error) in page
    chosen = {"action": "process_again", "_selected_action": [kept.pk]}
    page = admin_client.post("/admin/bbs/webhookevent/", chosen, follow=True).content.decode()
    assert "0 of 1 events were processed." in page
    assert page.count(escape(kept.error)) == 2
    address = reverse("admin:bbs_webhookevent_change", args=[quote(kept.pk)])
    assert admin_client.get(address).status_code == 200


def test_an_event_that_can_be_read_again_after_the_code_was_fixed_is_processed(
    client: Client, secret: str, payment: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = event("charge.succeeded", **paid_charge(payment))
    monkeypatch.setitem(shapes.OBJECTS, "charge", {"id": shapes.flag})
    send(client, body, sign(body, secret))
    assert (WebhookEvent.objects.get().error, Payment.objects.get().status) != ("", "paid")
    monkeypatch.undo()

    webhook.process(WebhookEvent.objects.get())

    assert (WebhookEvent.objects.get().error, Payment.objects.get().status) == ("", "paid")


def test_a_fault_of_our_code_is_kept_logged_and_reported_to_stripe_which_sends_the_event_again(
    client: Client, secret: str, payment: Payment, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    body = event("charge.succeeded", **paid_charge(payment))

    def faulty(*args: object) -> None:
        raise KeyError("hanako@example.com")

    monkeypatch.setattr(ledger, "settle_unread", faulty)
    assert send(client, body, sign(body, secret)).status_code == 503
    assert re.fullmatch(r"KeyError in __init__\.py, line \d+", WebhookEvent.objects.get().error)
    assert "Traceback" in caplog.text
    monkeypatch.undo()

    assert send(client, body, sign(body, secret)).status_code == 200
    assert (WebhookEvent.objects.get().error, Payment.objects.get().status) == ("", "paid")


def test_each_type_of_event_that_we_process_has_a_shape() -> None:
    assert {kind.rpartition(".")[0] for kind in payments.EVENTS} == shapes.OBJECTS.keys()


# What is read of an object, and by which of its fields its payment is found.
OBJECTS = {
    "charge": ({"paid": False, "amount_captured": 0, "currency": "jpy"}, ["metadata", "payment_intent"]),
    "charge.dispute": ({"status": "needs_response", "created": 1}, ["metadata", "charge", "payment_intent"]),
    "checkout.session": ({"payment_status": "unpaid"}, ["client_reference_id", "metadata", "payment_intent"]),
    "payment_intent": ({}, ["metadata"]),
    "refund": ({"amount": 500}, ["metadata", "charge", "payment_intent"]),
}


@pytest.mark.parametrize(
    ("kind", "by"),
    [(kind, by) for kind in sorted(payments.EVENTS) for by in OBJECTS[kind.rpartition(".")[0]][1]],
)
def test_an_event_is_about_the_payment_whose_reference_charge_or_intent_it_names(
    client: Client, secret: str, payment: Payment, kind: str, by: str
) -> None:
    Payment.objects.update(charge_id="ch_1", payment_intent_id="pi_1")
    reference = str(payment.pk)
    ids = {"charge": "ch_1", "payment_intent": "pi_1", "client_reference_id": reference}
    named = ids | {"metadata": {"payment": reference}}
    body = event(kind, **OBJECTS[kind.rpartition(".")[0]][0] | {by: named[by]})

    send(client, body, sign(body, secret))

    assert WebhookEvent.objects.get().payment_id == payment.pk


def paid_charge(payment: Payment) -> dict[str, object]:
    """The charge that paid it, as an event has it."""
    return {
        "id": "ch_1",
        "object": "charge",
        "paid": True,
        "status": "succeeded",
        "amount": payment.amount,
        "amount_captured": payment.amount,
        "currency": payment.currency,
        "livemode": False,
        "metadata": {"payment": str(payment.pk)},
        "receipt_email": None,
        "payment_method_details": {"card": {"brand": "visa", "last4": "4242"}},
    }


@pytest.mark.parametrize(
    ("envelope", "reason"),
    [
        ({"account": "acct_other"}, "The event is for connected account acct_other; this site uses none."),
        ({"livemode": True}, "livemode: ours False, Stripe's True"),
    ],
    ids=["another account", "the other mode"],
)
def test_an_event_of_another_account_or_mode_is_kept_for_staff_and_delivers_nothing(
    client, secret, payment: Payment, envelope: dict, reason: str
) -> None:
    body = event("charge.succeeded", envelope, **paid_charge(payment))

    for _ in range(2):
        assert send(client, body, sign(body, secret)).status_code == 200

    payment.refresh_from_db()
    assert (payment.status, payment.mismatched) == ("pending", True)
    assert list(payment.history.filter(kind="mismatch").values_list("detail", flat=True)) == [reason]
    assert WebhookEvent.objects.get().processed_at is not None
    assert WebhookEvent.objects.get().error == reason


def test_an_event_of_money_that_is_already_on_another_payment_is_kept_for_staff_and_delivers_nothing(
    client: Client, secret: str, payment: Payment
) -> None:
    values = {field.attname: getattr(payment, field.attname) for field in Payment._meta.concrete_fields}
    paid = {"reference": uuid.uuid4(), "charge_id": "ch_1", "status": "paid", "paid_at": payment.created_at}
    other = Payment.objects.create(**values | paid)
    body = event("charge.succeeded", **paid_charge(payment))

    for _ in range(2):
        assert send(client, body, sign(body, secret)).status_code == 200

    payment.refresh_from_db()
    assert (payment.status, payment.mismatched) == ("pending", True)
    assert list(payment.history.values_list("kind", "detail")) == [
        ("webhook", "charge.succeeded"),
        ("mismatch", f"ch_1: already on payment {other.pk}"),
    ]
    assert (WebhookEvent.objects.get().processed_at is not None, Mail.objects.count()) == (True, 0)


def test_an_event_that_could_not_be_settled_is_kept_unprocessed_and_done_when_it_comes_again(
    client, secret, payment: Payment, caplog
) -> None:
    body = event("charge.succeeded", **paid_charge(payment))

    with disk_full_for("bbs_mail"):
        assert send(client, body, sign(body, secret)).status_code == 503
    stored = WebhookEvent.objects.get()
    assert stored.processed_at is None
    assert re.fullmatch(r"OperationalError in sql\.py, line \d+", stored.error)
    assert "Traceback" in caplog.text
    payment.refresh_from_db()
    assert (payment.status, payment.charge_id) == ("pending", None)

    assert send(client, body, sign(body, secret)).status_code == 200
    stored.refresh_from_db()
    assert (stored.processed_at is not None, stored.error) == (True, "")
    payment.refresh_from_db()
    assert (payment.status, payment.charge_id) == ("paid", "ch_1")
    assert [entry.kind for entry in payment.history.all()] == ["webhook", "paid"]


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_an_event_whose_commit_fails_is_kept_all_the_same(client, secret, payment: Payment) -> None:
    body = event("charge.succeeded", **paid_charge(payment))

    def queue_a_mail_of_no_payment(execute: Callable, sql: str, *args: object) -> object:
        if 'INSERT INTO "bbs_topic"' in sql:  # foreign keys are looked at in the end
            Mail.objects.create(payment_id=uuid.uuid4(), kind="staff")
        return execute(sql, *args)

    with connection.execute_wrapper(queue_a_mail_of_no_payment):
        assert send(client, body, sign(body, secret)).status_code == 503
    assert WebhookEvent.objects.get().processed_at is None
    assert Payment.objects.get().status == "pending"

    assert send(client, body, sign(body, secret)).status_code == 200
    assert Payment.objects.get().status == "paid"


def test_the_address_works_without_its_slash_too(client, secret) -> None:
    response = client.post(
        "/webhook", event(), content_type="application/json", headers={"Stripe-Signature": sign(event(), secret)}
    )

    assert response.status_code == 200
