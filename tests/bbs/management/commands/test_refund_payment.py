"""`manage.py refund_payment`: a refund is made, or the command explains why not."""

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

    assert "¥500 of ¥2,000 refunded in all, now partially_refunded" in run("refund_payment", reference, "--amount=500")
    assert "now refunded" in run("refund_payment", reference, "--reason=duplicate")
    with pytest.raises(CommandError, match="Nothing is left to refund"):
        run("refund_payment", reference)

    assert "The books agree." in run("check_books")
    assert [refund.reason for refund in stripe.Refund.list()] == ["duplicate", "requested_by_customer"]


def test_the_amount_is_in_the_currencys_main_unit_and_the_refund_is_named(mike: Visitor) -> None:
    pay(mike, "modern", product="sunglass-101")
    reference = str(Payment.objects.get().pk)

    said = run("refund_payment", reference, "--amount=5") + run("refund_payment", reference, "--amount=2.50")

    refunds = stripe.Refund.list().data
    assert [refund.amount for refund in refunds] == [250, 500]
    assert f"$5.00 of $20.00 refunded in all, now partially_refunded. Refund {refunds[1].id}." in said
    assert f"$7.50 of $20.00 refunded in all, now partially_refunded. Refund {refunds[0].id}." in said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "¥0 cannot be refunded; the most is ¥2,000."),
        ("2,001", "¥2,001 cannot be refunded; the most is ¥2,000."),
        ("0.5", "JPY has no decimals"),
        ("-1", "Enter the amount in JPY as a number, such as 500."),
        ("much", "Enter the amount in JPY as a number, such as 500."),
        ("", "Enter the amount in JPY as a number, such as 500."),
    ],
)
def test_an_amount_that_cannot_be_given_back_is_refused(mike: Visitor, amount: str, said: str) -> None:
    pay(mike, "modern")

    with pytest.raises(CommandError, match=said):
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
def test_an_unknown_outcome_is_reported_and_the_same_command_again_refunds_once(
    mike: Visitor, settings, flow: str, trouble: str
) -> None:
    pay(mike, flow)
    reference = str(Payment.objects.get().pk)
    settings.STRIPE_HTTP_CLIENT = f"tests.stage.transports.{trouble}"

    with pytest.raises(CommandError, match=r"It is not confirmed whether Stripe refunded it: .* Run reconcile"):
        run("refund_payment", reference, "--amount=500")

    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    assert "¥500 of ¥2,000 refunded in all" in run("refund_payment", reference, "--amount=500")
    assert [refund.amount for refund in stripe.Refund.list()] == [500]


def test_a_reason_that_stripe_does_not_know_is_refused() -> None:
    with pytest.raises(CommandError, match="invalid"):
        run("refund_payment", "0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f", "--reason=because")
