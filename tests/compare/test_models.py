"""The record's rows: in the order of time, and gone with their payment."""

from __future__ import annotations

from bbs.models import Payment
from compare.models import WireMessage
from tests.compare.stage.messages import message


def test_messages_are_in_the_order_in_which_they_began(payment: Payment) -> None:
    for seconds in (2, 0, 1):
        message(payment, f"visit GET /{seconds}/", seconds).save()

    assert [str(each) for each in payment.messages.all()] == ["GET /0/", "GET /1/", "GET /2/"]


def test_a_payment_takes_its_record_with_it(payment: Payment) -> None:
    message(payment, "visit GET /").save()

    payment.delete()

    assert not WireMessage.objects.exists()
