"""What becomes of the money after it was taken, told in any order, or not at all."""

from __future__ import annotations

import pytest
import stripe

from bbs.models import HistoryEntry, Payment
from tests.stage.people import Visitor
from tests.stage.stories import pay, run, send, thanks
from tests.stage.stripe_side import signed_deliveries

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.mark.parametrize("flow", ["modern", "legacy"])
@pytest.mark.parametrize(("evidence", "end"), [("winning_evidence", "paid"), ("losing_evidence", "lost")])
def test_a_dispute_is_shown_and_followed_to_its_end(
    mike: Visitor, webhooks, flow: str, evidence: str, end: str
) -> None:
    pay(mike, flow, "4000000000000259")
    webhooks(ahead=60)
    assert Payment.objects.get().status == "disputed"
    assert "disputed" in mike.get(Payment.objects.get().get_absolute_url()).text

    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": evidence}, submit=True)
    webhooks(times=2)

    assert Payment.objects.get().status == end
    assert thanks() == 1
    assert not HistoryEntry.objects.filter(kind="mismatch").exists()


def test_refunds_told_in_the_wrong_order_add_up_to_what_stripe_says_now(mike: Visitor) -> None:
    pay(mike, "legacy")
    for amount in (300, 400):
        stripe.Refund.create(charge=Payment.objects.get().charge_id, amount=amount)

    for delivery in reversed(signed_deliveries()):
        assert send([delivery]) == {200}

    assert Payment.objects.get().amount_refunded == 700


def test_how_a_dispute_was_closed_told_before_that_it_was_opened_is_its_end(mike: Visitor) -> None:
    pay(mike, "legacy", "4000000000000259")
    opened = signed_deliveries(ahead=60)
    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "winning_evidence"}, submit=True)

    for delivery in reversed([*opened, *signed_deliveries()]):
        assert send([delivery]) == {200}

    payment = Payment.objects.get()
    assert (payment.status, payment.mismatched) == ("paid", False)


def test_a_dispute_of_which_no_webhook_told_is_found_from_its_beginning_to_its_end(mike: Visitor) -> None:
    pay(mike, "legacy", "4000000000000259")
    signed_deliveries(ahead=60)  # all of them lost
    mike.post(Payment.objects.get().get_absolute_url(), {})
    assert Payment.objects.get().status == "disputed"

    dispute = stripe.Dispute.list().data[0]
    stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "losing_evidence"}, submit=True)
    run("reconcile_payments")

    assert Payment.objects.get().status == "lost"
