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


@pytest.mark.parametrize(
    ("text", "status", "net"),
    [("winning_evidence", "won", -1300), ("losing_evidence", "lost", -3300), ("hello", "under_review", -3300)],
)
def test_the_test_texts_decide(text: str, status: str, net: int, api: stripe.StripeClient) -> None:
    dispute = disputed(api)

    judged = api.v1.disputes.update(dispute.id, params={"evidence": {"uncategorized_text": text}})

    assert judged.status == status
    assert sum(entry.net for entry in judged.balance_transactions) == net
    assert judged.evidence_details.submission_count == 1


def test_evidence_may_be_kept_and_handed_in_later(api: stripe.StripeClient) -> None:
    dispute = disputed(api)
    evidence = {"evidence": {"uncategorized_text": "winning_evidence"}}

    kept = api.v1.disputes.update(dispute.id, params={**evidence, "submit": False})

    assert (kept.status, kept.evidence_details.has_evidence) == ("needs_response", True)
    assert api.v1.disputes.update(dispute.id, params=evidence).status == "won"


def test_a_closed_dispute_takes_no_evidence_and_is_closed_once(api: stripe.StripeClient) -> None:
    dispute = disputed(api)
    api.v1.disputes.close(dispute.id)

    with pytest.raises(stripe.InvalidRequestError, match="already closed: evidence can no longer be given"):
        api.v1.disputes.update(dispute.id, params={"evidence": {"uncategorized_text": "winning_evidence"}})
    with pytest.raises(stripe.InvalidRequestError, match="This dispute is already closed"):
        api.v1.disputes.close(dispute.id)


def test_an_inquiry_takes_no_money_until_it_is_escalated(api: stripe.StripeClient) -> None:
    inquiry = disputed(api, "tok_createDisputeInquiry")
    evidence = {"evidence": {"uncategorized_text": "escalate_inquiry_evidence"}}

    escalated = api.v1.disputes.update(inquiry.id, params=evidence)

    assert (inquiry.status, inquiry.balance_transactions) == ("warning_needs_response", [])
    assert (escalated.status, escalated.balance_transactions[0].net) == ("needs_response", -3300)


def test_an_inquiry_is_closed_without_a_loss(api: stripe.StripeClient) -> None:
    closed = api.v1.disputes.close(disputed(api, "tok_createDisputeInquiry").id)

    assert (closed.status, closed.balance_transactions) == ("warning_closed", [])
