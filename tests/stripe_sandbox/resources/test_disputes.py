"""Disputes over the API."""

from __future__ import annotations

import pytest
import stripe

from stripe_sandbox.testing import drain
from tests.stripe_sandbox.stage.calls import CHARGE

pytestmark = pytest.mark.django_db(databases="__all__")


def test_a_disputing_card_is_disputed_after_it_has_paid(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "source": "tok_createDispute"})

    drain(ahead=5)
    dispute = api.v1.disputes.list(params={"charge": charge.id}).data[0]
    lost = api.v1.disputes.close(dispute.id)

    assert (charge.disputed, api.v1.charges.retrieve(charge.id).disputed) == (False, True)
    assert (dispute.status, dispute.reason, lost.status) == ("needs_response", "fraudulent", "lost")
    assert [entry.net for entry in dispute.balance_transactions] == [-3300]


def disputed(api: stripe.StripeClient, source: str = "tok_createDispute") -> stripe.Dispute:
    """Return the dispute of a fresh charge."""
    charge = api.v1.charges.create(params={**CHARGE, "source": source})
    drain(ahead=5)
    return api.v1.disputes.list(params={"charge": charge.id}).data[0]


def submit(api: stripe.StripeClient, dispute: str, text: str) -> stripe.Dispute:
    """Submit a text as evidence; return the answer."""
    return api.v1.disputes.update(dispute, params={"evidence": {"uncategorized_text": text}})


def kinds(api: stripe.StripeClient, sid: str) -> list[str]:
    """Return the types of the events about an object, the oldest first."""
    events = api.v1.events.list(params={"limit": 100}).data
    return [event.type for event in reversed(events) if event.data.object["id"] == sid]


@pytest.mark.parametrize(
    ("text", "status", "net"),
    [("winning_evidence", "won", -1300), ("losing_evidence", "lost", -3300), ("hello", "under_review", -3300)],
)
def test_the_test_texts_decide(text: str, status: str, net: int, api: stripe.StripeClient) -> None:
    dispute = disputed(api)

    submitted = submit(api, dispute.id, text)
    drain(ahead=8)
    judged = api.v1.disputes.retrieve(dispute.id)

    assert (submitted.status, submitted.is_charge_refundable) == ("under_review", False)
    assert judged.status == status
    assert sum(entry.net for entry in judged.balance_transactions) == net
    assert judged.evidence_details.submission_count == 1


def test_evidence_may_be_kept_and_handed_in_later(api: stripe.StripeClient) -> None:
    dispute = disputed(api)
    evidence = {"evidence": {"uncategorized_text": "winning_evidence"}}

    kept = api.v1.disputes.update(dispute.id, params={**evidence, "submit": False})

    assert (kept.status, kept.evidence_details.has_evidence) == ("needs_response", True)
    handed_in = api.v1.disputes.update(dispute.id, params={"submit": True})
    assert (handed_in.status, handed_in.evidence_details.submission_count) == ("under_review", 1)
    drain(ahead=8)
    assert api.v1.disputes.retrieve(dispute.id).status == "won"


def test_a_closed_dispute_takes_no_evidence_and_is_closed_once(api: stripe.StripeClient) -> None:
    dispute = disputed(api)
    api.v1.disputes.close(dispute.id)

    with pytest.raises(stripe.InvalidRequestError, match="This dispute is already closed"):
        api.v1.disputes.update(dispute.id, params={"evidence": {"uncategorized_text": "winning_evidence"}})
    with pytest.raises(stripe.InvalidRequestError, match="This dispute is already closed"):
        api.v1.disputes.close(dispute.id)


def test_an_inquiry_takes_no_money_until_it_is_escalated(api: stripe.StripeClient) -> None:
    inquiry = disputed(api, "tok_createDisputeInquiry")

    submitted = submit(api, inquiry.id, "escalate_inquiry_evidence")
    drain(ahead=8)
    escalated = api.v1.disputes.retrieve(inquiry.id)

    assert (inquiry.status, inquiry.balance_transactions) == ("warning_needs_response", [])
    assert (submitted.status, submitted.is_charge_refundable) == ("warning_under_review", True)
    assert (escalated.status, escalated.balance_transactions[0].net) == ("needs_response", -3300)


def test_an_inquiry_is_closed_without_a_loss(api: stripe.StripeClient) -> None:
    closed = api.v1.disputes.close(disputed(api, "tok_createDisputeInquiry").id)

    assert (closed.status, closed.balance_transactions) == ("warning_closed", [])


def test_an_escalated_inquiry_is_answered_again_and_won(api: stripe.StripeClient) -> None:
    inquiry = disputed(api, "tok_createDisputeInquiry")
    for text in ("escalate_inquiry_evidence", "winning_evidence"):
        submit(api, inquiry.id, text)
        drain(ahead=8)

    won = api.v1.disputes.retrieve(inquiry.id)

    assert (won.status, won.evidence_details.submission_count) == ("won", 2)
    assert sum(row.amount for row in won.balance_transactions) == 0


@pytest.mark.parametrize(
    ("refunded", "status", "withdrawn"), [(500, "needs_response", [-1500]), (2000, "warning_closed", [])]
)
def test_an_inquiry_escalates_only_for_what_was_not_refunded(
    refunded: int, status: str, withdrawn: list[int], api: stripe.StripeClient
) -> None:
    inquiry = disputed(api, "tok_createDisputeInquiry")
    submit(api, inquiry.id, "escalate_inquiry_evidence")
    api.v1.refunds.create(params={"charge": inquiry.charge, "amount": refunded})

    drain(ahead=8)

    found = api.v1.disputes.retrieve(inquiry.id)
    assert (found.status, [row.amount for row in found.balance_transactions]) == (status, withdrawn)


@pytest.mark.parametrize("closed", [False, True])
def test_the_end_of_a_dispute_has_its_events_in_this_order(closed: bool, api: stripe.StripeClient) -> None:
    dispute = disputed(api)
    if closed:
        api.v1.disputes.close(dispute.id)
    else:
        submit(api, dispute.id, "winning_evidence")
        drain(ahead=8)

    begun = ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    decided = [] if closed else ["charge.dispute.updated", "charge.dispute.funds_reinstated"]
    assert kinds(api, dispute.id) == [*begun, *decided, "charge.dispute.closed"]
    assert kinds(api, dispute.charge) == ["charge.succeeded", "charge.updated"]
    assert bool(api.v1.events.list().data[0].request.id) is closed


def test_the_ledger_names_the_charge_of_a_dispute_and_its_fee(api: stripe.StripeClient) -> None:
    dispute = disputed(api)
    submit(api, dispute.id, "winning_evidence")
    drain(ahead=8)

    withdrawn, reinstated = api.v1.disputes.retrieve(dispute.id).balance_transactions

    assert withdrawn.description == f"Chargeback withdrawal for {dispute.charge}"
    assert [(fee.description, fee.amount) for fee in withdrawn.fee_details] == [("Dispute fee", 1300)]
    assert (reinstated.description, reinstated.fee_details) == (f"Chargeback reversal for {dispute.charge}", [])


@pytest.mark.parametrize(("name", "shown"), [("Taro", "Taro"), (None, "a regular")])
def test_stripe_fills_in_the_evidence_that_it_has(name: str | None, shown: str, api: stripe.StripeClient) -> None:
    customer = api.v1.customers.create(
        params={"email": "taro@example.com", "description": "a regular"} | ({"name": name} if name else {})
    )
    bought = {"customer": customer.id, "description": "A mug", "source": "tok_createDispute"}
    charge = api.v1.charges.create(params=CHARGE | bought)

    drain(ahead=1.5)
    (before,) = api.v1.disputes.list(params={"charge": charge.id}).data
    api.v1.disputes.update(before.id, params={"evidence": {"product_description": "A cup"}, "submit": False})
    drain(ahead=5)

    filled = api.v1.disputes.retrieve(before.id).evidence
    assert (before.evidence.customer_name, before.evidence.product_description) == (None, None)
    assert (filled.customer_name, filled.customer_email_address) == (shown, "taro@example.com")
    assert filled.product_description == "A cup"


def test_a_charge_of_several_disputes_is_refundable_once_none_stands_against_it(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params=CHARGE | {"source": "tok_createMultipleDisputes"})
    drain(ahead=5)
    first, second = api.v1.disputes.list(params={"charge": charge.id}).data

    submit(api, first.id, "winning_evidence")
    drain(ahead=8)
    with pytest.raises(stripe.InvalidRequestError, match="has been charged back"):
        api.v1.refunds.create(params={"charge": charge.id})

    submit(api, second.id, "winning_evidence")
    drain(ahead=8)
    assert api.v1.refunds.create(params={"charge": charge.id}).status == "succeeded"


def test_a_charge_is_disputed_once_its_money_is_taken(api: stripe.StripeClient) -> None:
    held = api.v1.charges.create(params=CHARGE | {"source": "tok_createDispute", "capture": False})
    drain(ahead=5)
    before = api.v1.charges.retrieve(held.id).disputed

    api.v1.charges.capture(held.id)
    drain(ahead=5)

    assert (before, api.v1.charges.retrieve(held.id).disputed) == (False, True)
