"""A call belongs to the request in which it is made."""

from __future__ import annotations

import pytest

from bbs import payments
from tests.stage.recorded import pay, story

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.usefixtures("stored_at_once")]


def test_a_call_that_a_command_makes_is_stored_though_there_is_no_request(hanako) -> None:
    payment = pay(hanako, "modern")
    payment.messages.all().delete()

    payments.confirm(payment)

    assert story(payment) == [("call", "GET", "/v1/checkout/sessions/<cs>", 200)]
