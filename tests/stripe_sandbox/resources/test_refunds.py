"""Refunds over the API."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.resources import effects
from stripe_sandbox.testing import drain, pay
from tests.stripe_sandbox.stage.calls import CHARGE, session

pytestmark = pytest.mark.django_db(databases="__all__")


def test_more_than_was_paid_is_not_refunded(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "source": "tok_visa"})
    api.v1.refunds.create(params={"charge": charge.id, "amount": 500})
    with pytest.raises(stripe.InvalidRequestError) as too_much:
        api.v1.refunds.create(params={"charge": charge.id, "amount": 1501})
    api.v1.refunds.create(params={"charge": charge.id})

    with pytest.raises(stripe.InvalidRequestError) as again:
        api.v1.refunds.create(params={"charge": charge.id})

    said = "Refund amount (¥1,501) is greater than unrefunded amount on charge (¥1,500)"
    assert (too_much.value.user_message, too_much.value.param) == (said, "amount")
    assert again.value.code == "charge_already_refunded"


def test_a_refund_that_fails_brings_the_money_back(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "source": "tok_refundFail"})
    refund = api.v1.refunds.create(params={"charge": charge.id})
    drain(ahead=10)

    failed = api.v1.refunds.retrieve(refund.id, params={"expand": ["failure_balance_transaction"]})
    back = failed.failure_balance_transaction

    assert (refund.status, failed.status) == ("succeeded", "failed")
    assert (back.type, back.reporting_category, back.net) == ("refund_failure", "refund_failure", 2000)
    assert api.v1.balance.retrieve().pending[0].amount == 2000 - 72
    assert api.v1.charges.retrieve(charge.id).amount_refunded == 0


def test_a_refund_fails_once_and_beside_another(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "source": "tok_refundFail"})
    first = api.v1.refunds.create(params={"charge": charge.id, "amount": 700})
    drain(ahead=10)
    second = api.v1.refunds.create(params={"charge": charge.id, "amount": 500})

    effects.refund_fails(first.id)

    after = api.v1.charges.retrieve(charge.id)
    assert (after.amount_refunded, after.refunded) == (second.amount, False)
    assert len(api.v1.balance_transactions.list(params={"type": "refund_failure"}).data) == 1


@pytest.mark.parametrize(
    ("token", "event_types"),
    [
        ("tok_visa", ["refund.created", "charge.refund.updated", "refund.updated"]),
        ("tok_pendingRefund", ["refund.created", *["charge.refund.updated", "refund.updated"] * 2]),
        (
            "tok_refundFail",
            ["refund.created", "charge.refund.updated", "refund.updated", "charge.refund.updated", "refund.failed"],
        ),
    ],
)
def test_the_bank_gives_each_refund_to_a_card_a_reference(
    api: stripe.StripeClient, token: str, event_types: list[str]
) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "source": token})
    refund = api.v1.refunds.create(params={"charge": charge.id})
    before = refund.destination_details.card
    drain(ahead=10)
    drain(ahead=20)

    refund = api.v1.refunds.retrieve(refund.id)
    after = refund.destination_details.card

    assert getattr(refund, "failure_reason", None) == (
        "expired_or_canceled_card" if "refund.failed" in event_types else None
    )
    assert "reference" not in before
    assert (after.reference_status, len(after.reference), after.reference.isdecimal()) == ("available", 16, True)
    events = reversed(api.v1.events.list().data)
    assert [event.type for event in events if event.data.object["id"] == refund.id] == event_types


def test_a_refund_names_its_customer_and_payment_method(api: stripe.StripeClient) -> None:
    customer = api.v1.customers.create(params={})
    paid = {"payment_method": "pm_card_visa", "confirm": True, "return_url": "https://shop.example/"}
    intent = api.v1.payment_intents.create(params={"amount": 2000, "currency": "jpy", "customer": customer.id, **paid})

    refund = api.v1.refunds.create(
        params={"payment_intent": intent.id, "expand": ["customer", "payment_method", "charge.refunds"]}
    )

    assert (refund.customer.id, refund.payment_method.id) == (customer.id, intent.payment_method)
    assert refund.charge.refunds.total_count == 1


def test_a_failed_charge_has_nothing_to_refund(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as legacy:
        api.v1.charges.create(params={**CHARGE, "source": "tok_chargeDeclined"})

    with pytest.raises(stripe.InvalidRequestError, match="was not successful: it cannot be refunded") as caught:
        api.v1.refunds.create(params={"charge": legacy.value.error.charge})

    assert caught.value.error.sandbox_assumption


def test_a_disputed_charge_is_not_refunded_until_the_dispute_is_won(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "source": "tok_createDispute"})
    drain(ahead=5)
    dispute = api.v1.disputes.list(params={"charge": charge.id}).data[0]

    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.refunds.create(params={"charge": charge.id})

    assert caught.value.code == "charge_disputed"
    assert api.v1.refunds.list().data == []
    api.v1.disputes.update(dispute.id, params={"evidence": {"uncategorized_text": "winning_evidence"}})
    drain(ahead=8)
    assert api.v1.refunds.create(params={"charge": charge.id}).amount == 2000


def test_a_charge_under_inquiry_may_be_refunded(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "source": "tok_createDisputeInquiry"})
    drain(ahead=5)

    assert api.v1.refunds.create(params={"charge": charge.id}).status == "succeeded"


def test_a_refund_may_be_pending_first(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "source": "tok_pendingRefund"})
    refund = api.v1.refunds.create(params={"charge": charge.id})

    drain(ahead=10)

    assert (refund.status, api.v1.refunds.retrieve(refund.id).status) == ("pending", "succeeded")


def test_money_that_was_only_reserved_is_let_go_without_an_entry(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "capture": False})

    refund = api.v1.refunds.create(params={"charge": charge.id})

    assert refund.balance_transaction is None
    assert api.v1.charges.retrieve(charge.id).refunded


def test_an_intent_is_refunded_by_its_charge(api: stripe.StripeClient) -> None:
    params = {"amount": 2000, "currency": "jpy", "payment_method": "pm_card_visa"}
    waiting = api.v1.payment_intents.create(params=params)
    paid = api.v1.payment_intents.create(params={**params, "confirm": True, "return_url": "https://shop.example/"})
    other = api.v1.charges.create(params=CHARGE)

    refund = api.v1.refunds.create(params={"payment_intent": paid.id, "metadata": {"a": "1"}})
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge to refund"):
        api.v1.refunds.create(params={"payment_intent": waiting.id})
    with pytest.raises(stripe.InvalidRequestError, match="The charge does not belong to that payment_intent"):
        api.v1.refunds.create(params={"payment_intent": paid.id, "charge": other.id})

    assert (refund.charge, refund.payment_intent) == (paid.latest_charge, paid.id)
    changed = api.v1.refunds.update(refund.id, params={"metadata": {"b": "2"}})
    assert changed.metadata.to_dict() == {"a": "1", "b": "2"}
    assert [found.id for found in api.v1.refunds.list(params={"payment_intent": paid.id}).data] == [refund.id]


def test_a_reserved_charge_is_not_refunded_in_part(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "capture": False})

    with pytest.raises(stripe.InvalidRequestError, match="You cannot partially refund an uncaptured charge") as caught:
        api.v1.refunds.create(params={"charge": charge.id, "amount": 500})

    assert caught.value.param == "amount"
    assert api.v1.refunds.list().data == []
    assert api.v1.refunds.create(params={"charge": charge.id}).amount == 2000


@pytest.fixture
def konbini_charge(api: stripe.StripeClient, client: Client) -> str:
    """Return the charge of a konbini payment of 2,000 yen."""
    made = api.v1.checkout.sessions.create(params=session())
    pay(client.post, made.url, paymentMethod="konbini", email="succeed_immediately@example.com")
    drain(ahead=10)
    found = api.v1.checkout.sessions.retrieve(made.id, params={"expand": ["payment_intent"]})
    return found.payment_intent.latest_charge


def test_a_konbini_refund_waits_until_the_customer_names_a_bank_account(
    api: stripe.StripeClient, konbini_charge: str
) -> None:
    made = api.v1.refunds.create(params={"charge": konbini_charge, "amount": 500})
    drain(ahead=120)
    done = api.v1.refunds.retrieve(made.id)

    assert (made.status, made.next_action.type) == ("requires_action", "display_details")
    assert made.next_action.display_details.email_sent.email_sent_to == "succeed_immediately@example.com"
    assert (done.status, "next_action" in done.to_dict()) == ("succeeded", False)
    assert api.v1.charges.retrieve(konbini_charge).amount_refunded == 500
    assert "refund.updated" in [event.type for event in api.v1.events.list()]


def test_the_customer_is_asked_at_the_address_that_the_shop_gives(
    api: stripe.StripeClient, konbini_charge: str
) -> None:
    params = {"charge": konbini_charge, "instructions_email": "taro@example.com"}

    made = api.v1.refunds.create(params=params)

    assert made.next_action.display_details.email_sent.email_sent_to == "taro@example.com"


def test_a_refund_that_waits_can_be_canceled_and_its_money_is_there_again(
    api: stripe.StripeClient, konbini_charge: str
) -> None:
    made = api.v1.refunds.create(params={"charge": konbini_charge})

    canceled = api.v1.refunds.cancel(made.id)
    drain(ahead=120)

    charge = api.v1.charges.retrieve(konbini_charge)
    assert canceled.status == api.v1.refunds.retrieve(made.id).status == "canceled"
    assert (charge.amount_refunded, charge.refunded) == (0, False)
    booked = api.v1.balance_transactions.retrieve(canceled.failure_balance_transaction)
    assert (booked.type, booked.amount) == ("refund_failure", 2000)
    assert api.v1.refunds.create(params={"charge": konbini_charge}).status == "requires_action"
