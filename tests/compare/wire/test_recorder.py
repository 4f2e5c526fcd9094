"""What belongs to a payment's record is stored, and nothing else."""

from __future__ import annotations

import pytest

from bbs.models import Payment
from compare.wire import recorder
from tests.stage.recorded import pay

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.usefixtures("stored_at_once")]


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


def test_a_receipt_that_is_looked_at_for_ever_fills_no_disk(hanako, monkeypatch) -> None:
    payment = pay(hanako, "legacy")
    monkeypatch.setattr(recorder, "MOST_MESSAGES", payment.messages.count() + 2)

    for _ in range(5):
        hanako.get(payment.get_absolute_url())

    assert payment.messages.count() == recorder.MOST_MESSAGES
