"""`manage.py refund_payment`: money is given back, or it is said why not."""

from __future__ import annotations

import pytest
import stripe
from django.core.management import CommandError

from bbs.models import Payment
from tests.stage.people import Visitor
from tests.stage.stories import pay, run

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_money_is_given_back_by_command_whatever_the_flag_says_now(mike: Visitor, flow: str, settings) -> None:
    pay(mike, flow)
    settings.PAYMENT_FLOW = "legacy" if flow == "modern" else "modern"
    reference = str(Payment.objects.get().pk)

    assert "¥500 of ¥2,000 given back in all, now partially_refunded" in run(
        "refund_payment", reference, "--amount=500"
    )
    assert "now refunded" in run("refund_payment", reference, "--reason=duplicate")
    with pytest.raises(CommandError, match="0 are left"):
        run("refund_payment", reference)

    assert "The books agree." in run("check_books")
    assert [refund.reason for refund in stripe.Refund.list()] == ["duplicate", "requested_by_customer"]


@pytest.mark.parametrize("amount", ["0", "-1", "2001"])
def test_an_amount_that_cannot_be_given_back_is_refused(mike: Visitor, amount: str) -> None:
    pay(mike, "modern")

    with pytest.raises(CommandError, match="cannot be given back"):
        run("refund_payment", str(Payment.objects.get().pk), f"--amount={amount}")

    assert stripe.Refund.list().data == []


def test_a_payment_that_is_none_is_said_to_be() -> None:
    with pytest.raises(CommandError, match="There is no payment"):
        run("refund_payment", "0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f")
