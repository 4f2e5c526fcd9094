"""What is recorded of real payments, what of it is hidden, and that no payment is lost over it."""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Iterator
from unittest import mock

import pytest
from django.conf import settings as site
from django.db import DatabaseError, connection
from django.http import HttpResponse

from bbs import payments
from bbs.models import Payment, Topic, WireMessage
from bbs.payments.order import Order
from compare.wire import masking, recorder
from stripe_sandbox import testing
from tests.people import DECLINED, VISA, Visitor

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

EMAIL, NAME, CVC, EXPIRY = "hanako@example.com", "HANAKO YAMADA", "123", "2040"


def pay(visitor: Visitor, flow: str, card: str = VISA) -> Payment:
    """Pay for a T-shirt in a flow, entering everything that must not be kept."""
    visitor.switch_flow(flow)
    order = visitor.see_order()
    if flow == "legacy":
        entered = visitor.enter_card(card, **{"card[name]": NAME})
        visitor.post("/checkout/", {"order": order, **entered, "stripeBillingName": NAME, "cvc": CVC})
    else:
        visitor.pay_on_stripes_page(visitor.post("/checkout/", {"order": order}), card)
    return Payment.objects.latest("created_at")


def story(payment: Payment) -> list[tuple[str, str, str, int | None]]:
    """Return what was recorded, in order, without the ids in the addresses."""
    rows = [(m.kind, m.method, m.address.replace(str(payment.pk), "<uuid>"), m.status) for m in payment.messages.all()]
    return [
        (kind, method, re.sub(r"\b(cs|ch|pi|dp)_\w+", r"<\1>", path), status) for kind, method, path, status in rows
    ]


def secrets_of(visitor: Visitor) -> set[str]:
    """Return what a visitor's browser holds and must stay theirs."""
    cookies = {cookie.value for cookie in visitor.http.cookies}
    visitors = {str(payment.visitor) for payment in Payment.objects.all()}
    return cookies | visitors | {uuid.UUID(visitor).hex for visitor in visitors}


def assert_nothing_private(text: str, visitor: Visitor, *also: str) -> None:
    """Fail on anything planted or secret in what was stored or is shown."""
    planted = {VISA, VISA[:4] + " " + VISA[4:8], EMAIL, EMAIL.replace("@", "%40"), NAME, NAME.replace(" ", "+")}
    keys = {site.STRIPE_SECRET_KEY, site.STRIPE_PUBLISHABLE_KEY, *site.STRIPE_WEBHOOK_SECRETS, site.SECRET_KEY}
    for secret in planted | keys | secrets_of(visitor) | set(also):
        assert secret not in text
    for word in (CVC, EXPIRY, "4242", r"tok_\w+", r"\w+_secret_\w+"):
        assert not re.search(rf"(?<![\w.-]){word}(?![\w.-])", text)


@pytest.fixture(autouse=True)
def stored_at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store before the answer is sent, so that a test finds what it looks for."""
    if "client" not in request.fixturenames:
        monkeypatch.setattr(recorder, "_after", lambda response, store: store())


def everything_stored() -> str:
    """Return every column of every row of the record as the database has it, but the clock's."""
    columns = [field.column for field in WireMessage._meta.fields if field.column not in ("started_at", "milliseconds")]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM bbs_wiremessage")  # noqa: S608
        return "\n".join(str(row) for row in cursor.fetchall()).replace("\\u2022", "•")


def test_a_modern_payment_is_recorded_in_order_from_the_button_to_the_last_webhook(hanako, webhooks) -> None:
    payment = pay(hanako, "modern")
    webhooks()

    told = story(payment)

    assert told[:4] == [
        ("visit", "POST", "/checkout/", 303),
        ("call", "POST", "/v1/checkout/sessions", 200),
        ("visit", "GET", "/success/", 302),
        ("call", "GET", "/v1/checkout/sessions/<cs>", 200),
    ]
    receipt = told.index(("visit", "GET", "/payments/<uuid>/", 200))
    assert ("webhook", "POST", "/webhook/", 200) in told[receipt:]


def test_a_legacy_payment_is_recorded_in_order_too(hanako, webhooks) -> None:
    payment = pay(hanako, "legacy")
    webhooks()

    told = story(payment)

    assert told[:3] == [
        ("visit", "POST", "/checkout/", 303),
        ("call", "POST", "/v1/charges", 200),
        ("visit", "GET", "/payments/<uuid>/", 200),
    ]
    assert ("webhook", "POST", "/webhook/", 200) in told[3:]


def test_a_call_is_kept_with_its_parameters_answer_request_id_idempotency_key_and_time(hanako) -> None:
    payment = pay(hanako, "modern")

    call = payment.messages.get(method="POST", kind="call")

    assert call.parameters["line_items[0][price_data][unit_amount]"] == "2000"
    assert call.parameters["line_items[0][price_data][product_data][name]"] == "Tシャツ"
    assert call.parameters["client_reference_id"] == str(payment.pk)
    assert call.answer["object"] == "checkout.session"
    assert call.request_id.startswith("req_")
    assert call.idempotency_key == f"{payment.pk}:0:session"
    assert call.milliseconds > 0
    assert payment.created_at <= call.started_at <= payment.paid_at


def test_what_the_visitor_saw_and_where_they_were_sent_is_kept_and_no_page(hanako) -> None:
    payment = pay(hanako, "modern")

    pressed, returned, receipt = payment.messages.filter(kind="visit")

    assert pressed.answer["location"].endswith(f"/c/pay/{payment.checkout_session_id}#•••") or pressed.answer[
        "location"
    ].endswith(f"/c/pay/{payment.checkout_session_id}")
    assert returned.answer == {"location": payment.get_absolute_url()}
    assert receipt.answer == {"page": "✔ ￥2,000 のお支払いが完了しました"}


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_nothing_private_is_stored_in_any_column(hanako, shop, flow: str) -> None:
    signatures = []
    order = hanako.see_order()
    declined = pay(hanako, flow, DECLINED)
    payment = pay(hanako, flow)
    payments.refund(payment, 500)

    def post(body: bytes, headers: dict[str, str]) -> int:
        signatures.append(headers["Stripe-Signature"])
        return hanako.http.post(f"{shop}/webhook/", body, headers=headers).status_code

    testing.deliver(post)

    stored = everything_stored()
    assert WireMessage.objects.filter(kind="webhook", payment=payment).exists()
    assert WireMessage.objects.filter(payment=declined).exists()
    assert_nothing_private(stored, hanako, order, *signatures, *(s.rpartition("=")[2] for s in signatures))
    for sent in WireMessage.objects.filter(kind="visit", method="POST"):
        assert sent.parameters["order"] == sent.parameters["csrfmiddlewaretoken"] == "•••"
    if flow == "legacy":
        assert payment.token not in stored
        assert DECLINED not in stored


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_failing_record_loses_no_payment_and_says_so_in_the_log(
    hanako, webhooks, flow: str, caplog, monkeypatch
) -> None:
    def fail(*args: object) -> str:
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(masking, "text", fail)
    with caplog.at_level(logging.ERROR, "django.dispatch"):
        payment = pay(hanako, flow)
        webhooks(times=2)

    assert (payment.status, Topic.objects.filter(payment=payment).count()) == ("paid", 1)
    assert not WireMessage.objects.exists()
    assert "The disk is full." in caplog.text


@pytest.fixture
def no_table() -> Iterator[None]:
    """The record's table is not there."""
    with connection.schema_editor() as editor:
        editor.delete_model(WireMessage)
    yield
    with connection.schema_editor() as editor:
        editor.create_model(WireMessage)


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_payment_goes_on_when_the_database_refuses_the_record(hanako, webhooks, no_table, flow: str) -> None:
    payment = pay(hanako, flow)
    webhooks()

    assert payment.status == "paid"


def test_nothing_is_recorded_where_it_is_switched_off(hanako, webhooks, settings) -> None:
    settings.RECORD_WIRE = False

    assert pay(hanako, "modern").status == "paid"
    webhooks()

    assert not WireMessage.objects.exists()


def test_the_board_and_requests_about_no_payment_are_not_recorded(hanako, mike) -> None:
    payment = pay(hanako, "modern")
    before = WireMessage.objects.count()

    hanako.get("/")
    mike.get("/success/?session_id=cs_test_none")
    mike.get("/canceled/")
    mike.get(payment.get_absolute_url())
    mike.post("/checkout/", {"order": "tampered"})

    assert WireMessage.objects.count() == before


def test_another_visitors_requests_are_no_part_of_a_payments_story(hanako, mike) -> None:
    hanako.switch_flow("modern")
    order = hanako.see_order()
    hanako.post("/checkout/", {"order": order})
    payment = Payment.objects.get()
    mike.get("/")
    visits = payment.messages.filter(kind="visit").count()

    mike.post("/checkout/", {"order": order})
    mike.get(f"/success/?session_id={payment.checkout_session_id}")

    assert payment.messages.filter(kind="visit").count() == visits


def test_looking_for_one_charge_keeps_nothing_of_other_peoples(hanako, mike) -> None:
    other = pay(mike, "legacy")
    payment = pay(hanako, "legacy")
    Payment.objects.filter(pk=payment.pk).update(charge_id=None, payment_intent_id="pi_none")
    payment.refresh_from_db()

    payments.confirm(payment)

    looked = payment.messages.filter(address="/v1/charges", method="GET").get()
    assert looked.answer["of_other_payments"] == 1
    assert str(other.pk) not in json.dumps(looked.answer)
    assert other.charge_id not in json.dumps(looked.answer)


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


def test_a_webhook_that_comes_twice_is_recorded_twice(hanako, webhooks) -> None:
    payment = pay(hanako, "legacy")

    webhooks(times=2)

    kinds = [message.parameters["type"] for message in payment.messages.filter(kind="webhook")]
    assert kinds.count("charge.succeeded") == 2


def test_a_receipt_that_is_looked_at_for_ever_fills_no_disk(hanako, monkeypatch) -> None:
    payment = pay(hanako, "legacy")
    monkeypatch.setattr(recorder, "MOST_MESSAGES", payment.messages.count() + 2)

    for _ in range(5):
        hanako.get(payment.get_absolute_url())

    assert payment.messages.count() == recorder.MOST_MESSAGES


def test_an_answer_is_sent_before_anything_of_it_is_stored(client, products, settings) -> None:
    product = products["t-shirt"]
    sent = []
    send = HttpResponse.close

    def close(response: HttpResponse) -> None:
        sent.append(WireMessage.objects.count())
        send(response)

    order = Order.choose([product], None, None, "modern").signed
    with mock.patch.object(HttpResponse, "close", close):
        client.post("/checkout/", {"order": order})

    assert sent == [0]
    assert WireMessage.objects.count() == 2
