"""What is kept of a call and of a request."""

from __future__ import annotations

import json
import uuid

import pytest
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.test import RequestFactory

from bbs import payments
from bbs.models import Payment
from compare.models import WireMessage
from compare.wire.masking import Json
from compare.wire.messages import LONGEST, IncomingRequest
from tests.compare.stage.messages import TIMING, call
from tests.compare.stage.recorded import pay

LIVE = pytest.mark.django_db(databases="__all__", transaction=True)


@LIVE
@pytest.mark.usefixtures("stored_at_once")
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


@LIVE
@pytest.mark.usefixtures("stored_at_once")
def test_what_the_visitor_saw_and_where_they_were_sent_is_kept_and_no_page(hanako) -> None:
    payment = pay(hanako, "modern")

    pressed, returned, receipt = payment.messages.filter(kind="visit")

    assert pressed.answer["location"].endswith(f"/c/pay/{payment.checkout_session_id}#•••") or pressed.answer[
        "location"
    ].endswith(f"/c/pay/{payment.checkout_session_id}")
    assert returned.answer == {"location": payment.get_absolute_url()}
    assert receipt.answer == {"page": "✔ ￥2,000 のお支払いが完了しました"}


@LIVE
@pytest.mark.usefixtures("stored_at_once")
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


REFERENCE = uuid.uuid4()


def test_the_query_and_the_body_of_a_call_are_its_parameters() -> None:
    sent = call(url="https://api.stripe.com/v1/charges?limit=3", body="amount=2000&description=&card[number]=4242")

    row = sent.row(REFERENCE, TIMING)

    assert (row.method, row.address) == ("POST", "/v1/charges")
    assert row.parameters == {"limit": "3", "amount": "2000", "description": "", "card[number]": "•••"}
    assert (row.payment_id, row.started_at, row.milliseconds) == (REFERENCE, TIMING.started_at, 12.5)


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        (None, {}),
        (b"amount=2000", {"amount": "2000"}),
        ('{"amount": 2000, "email": "a@example.com"}', {"amount": 2000, "email": "•••"}),
        ("a=" + "x" * LONGEST, {}),
        ({"file": "a form with a file"}, {}),
    ],
    ids=["none", "bytes", "JSON", "long", "a file"],
)
def test_the_body_of_a_call_is_a_form_or_json_or_is_not_kept(body: object, parameters: Json) -> None:
    assert call(body=body).row(REFERENCE, TIMING).parameters == parameters


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ('{"id": "ch_1"}', {"id": "ch_1"}),
        ("", {}),
        (None, {}),
        ("<html>", {"not_json": 6}),
        (json.dumps("x" * LONGEST), {"too_long_to_keep": LONGEST + 2}),
    ],
    ids=["JSON", "empty", "none", "a page", "long"],
)
def test_the_answer_to_a_call_is_kept_where_it_is_json_that_somebody_would_read(answer: str | None, kept: Json) -> None:
    assert call(answer=answer).row(REFERENCE, TIMING).answer == kept


def test_nothing_is_longer_than_its_column() -> None:
    row = call(
        method="x" * 9,
        url=f"https://api.stripe.com/{'y' * 400}",
        headers={"Idempotency-Key": "z" * 300},
        error="e" * 200,
    ).row(REFERENCE, TIMING)

    lengths = {field.name: field.max_length for field in WireMessage._meta.fields}
    for name in ("method", "address", "idempotency_key", "error"):
        assert len(getattr(row, name)) == lengths[name]


def test_a_list_about_one_charge_is_kept_whole() -> None:
    answer = json.dumps({"object": "list", "data": [{"id": "dp_1"}]})

    kept = call("get", "https://api.stripe.com/v1/disputes?charge=ch_1", answer=answer).row(REFERENCE, TIMING)

    assert kept.answer == {"object": "list", "data": [{"id": "dp_1"}]}


@pytest.mark.parametrize(
    ("answer", "kept"),
    [("null", {}), ('{"object": "list", "data": null}', {"object": "list", "data": None}), ("<h1>", {"not_json": 4})],
)
def test_an_odd_answer_is_kept_too(answer: str, kept: object) -> None:
    assert call("get", "https://api.stripe.com/v1/charges", answer=answer).row(REFERENCE, TIMING).answer == kept


def request_row(response: HttpResponse, kind: str = "visit", body: str = "", path: str = "/checkout/") -> WireMessage:
    content_type = "application/json" if kind == "webhook" else "application/x-www-form-urlencoded"
    request = RequestFactory().post(path, body, content_type)
    return IncomingRequest(WireMessage.Kind(kind), request, response).row(REFERENCE, TIMING)


@pytest.mark.parametrize(
    ("response", "kept"),
    [
        (
            HttpResponse("<h1 class='h3'>Paid <b>&yen;2,000</b>\n thanks</h1><p>more</p>"),
            {"page": "Paid ¥2,000 thanks"},
        ),
        (HttpResponse("<h1>Sent to a@example.com</h1>"), {"page": "Sent to •••"}),
        (HttpResponse("<p>no heading</p>"), {}),
        (HttpResponse("<h1></h1>"), {}),
        (HttpResponse(status=204), {}),
        (HttpResponse(b"<h1>\xff</h1>"), {"page": "\ufffd"}),
        (HttpResponseRedirect("/c/pay/cs_1#secret"), {"location": "/c/pay/cs_1#secret"}),
        (
            HttpResponseRedirect("https://stripe.example/c/pay/cs_1#secret"),
            {"location": "https://stripe.example/c/pay/cs_1#•••"},
        ),
        (JsonResponse({"url": "/x", "email": "a@example.com"}), {"url": "/x", "email": "•••"}),
    ],
    ids=lambda value: "",
)
def test_of_our_answer_the_heading_the_json_or_the_address_is_kept(response: HttpResponse, kept: Json) -> None:
    assert request_row(response).answer == kept


def test_a_visit_is_kept_with_its_form_and_a_webhook_with_its_event() -> None:
    visit = request_row(HttpResponse(), body="quantity=2&order=signed", path="/checkout/?product=t-shirt")
    webhook = request_row(
        HttpResponse(), "webhook", '{"type": "charge.succeeded", "email": "a@example.com"}', "/webhook/"
    )

    assert (visit.kind, visit.address) == ("visit", "/checkout/")
    assert visit.parameters == {"product": "t-shirt", "quantity": "2", "order": "•••"}
    assert webhook.parameters == {"type": "charge.succeeded", "email": "•••"}


@pytest.mark.parametrize("public", [True, False])
def test_a_row_says_whether_it_was_recorded_where_everybody_may_see_it(settings, public: bool) -> None:
    settings.RECORD_PUBLIC = public

    assert call().row(REFERENCE, TIMING).demo is public
