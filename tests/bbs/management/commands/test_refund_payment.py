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


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_what_stripe_refuses_is_said_in_its_words_and_changes_nothing(mike: Visitor, flow: str) -> None:
    pay(mike, flow)
    payment = Payment.objects.get()
    stripe.Refund.create(charge=payment.charge_id, amount=1900)

    with pytest.raises(CommandError, match=r"Stripe did not refund it: .*greater than unrefunded amount"):
        run("refund_payment", str(payment.pk), "--amount=500")

    payment.refresh_from_db()
    assert (payment.status, payment.amount_refunded) == ("paid", 0)
    assert [refund.amount for refund in stripe.Refund.list()] == [1900]


@pytest.mark.parametrize("trouble", ["Unreachable", "AnswerLost", "InternalError"])
@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_what_is_not_known_is_said_and_the_same_command_again_gives_it_back_once(
    mike: Visitor, settings, flow: str, trouble: str
) -> None:
    pay(mike, flow)
    reference = str(Payment.objects.get().pk)
    settings.STRIPE_HTTP_CLIENT = f"tests.stage.transports.{trouble}"

    with pytest.raises(CommandError, match=r"It is not known whether Stripe refunded it: .* Run reconcile_payments"):
        run("refund_payment", reference, "--amount=500")

    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    assert "¥500 of ¥2,000 given back in all" in run("refund_payment", reference, "--amount=500")
    assert [refund.amount for refund in stripe.Refund.list()] == [500]


@pytest.mark.parametrize(("option", "value"), [("--amount", "much"), ("--reason", "because")])
def test_an_option_that_makes_no_sense_is_refused(option: str, value: str) -> None:
    with pytest.raises(CommandError, match="invalid"):
        run("refund_payment", "0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f", f"{option}={value}")
