"""What is kept of a call and of a request."""

from __future__ import annotations

import json

import pytest

from bbs import payments
from bbs.models import Payment
from tests.stage.recorded import pay

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.usefixtures("stored_at_once")]


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
