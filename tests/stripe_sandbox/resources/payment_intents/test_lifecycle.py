"""What a payment intent goes through, from its method to the money."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.testing import drain

pytestmark = pytest.mark.django_db(databases="__all__")


NOW = {"confirm": True, "return_url": "https://shop.example/back"}


def create(api: stripe.StripeClient, method: str, **more: object) -> stripe.PaymentIntent:
    return api.v1.payment_intents.create(
        params={"amount": 2000, "currency": "jpy", "payment_method": method, **NOW, **more}
    )


def event_types(api: stripe.StripeClient) -> list[str]:
    """Return the types of all events, the oldest first."""
    return [event.type for event in reversed(api.v1.events.list().data)]


def test_a_good_card_pays_at_once(api: stripe.StripeClient) -> None:
    intent = create(api, "pm_card_visa", description="A shirt", expand=["latest_charge"])

    assert (intent.status, intent.amount_received) == ("succeeded", 2000)
    assert (intent.latest_charge.amount_captured, intent.latest_charge.description) == (2000, "A shirt")
    assert event_types(api) == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


def test_a_declined_card_leaves_it_open_for_another(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as caught:
        create(api, "pm_card_visa_chargeDeclined")
    sid = caught.value.error.payment_intent.id

    failed = api.v1.payment_intents.retrieve(sid)
    paid = api.v1.payment_intents.confirm(
        sid, params={"payment_method": "pm_card_visa", "return_url": "https://a.example/"}
    )

    assert (failed.status, failed.payment_method) == ("requires_payment_method", None)
    assert failed.last_payment_error.decline_code == "generic_decline"
    assert failed.last_payment_error.charge == failed.latest_charge
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)
    assert event_types(api)[:3] == ["payment_intent.created", "payment_intent.payment_failed", "charge.failed"]


def test_three_d_secure_is_asked_for_where_the_visitor_can_go(api: stripe.StripeClient) -> None:
    intent = create(api, "pm_card_authenticationRequired")

    action = intent.next_action
    assert (intent.status, action.type) == ("requires_action", "redirect_to_url")
    assert action.redirect_to_url.return_url == "https://shop.example/back"
    assert f"/sandbox/authenticate/{intent.id}/" in action.redirect_to_url.url
    assert event_types(api)[-1] == "payment_intent.requires_action"


def test_without_a_return_url_the_script_takes_the_next_action(api: stripe.StripeClient) -> None:
    stays = {"enabled": True, "allow_redirects": "never"}

    intent = create(api, "pm_card_authenticationRequired", return_url=None, automatic_payment_methods=stays)

    assert intent.next_action.type == "use_stripe_sdk"


@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_authenticationRequired"])
def test_a_payment_confirmed_over_the_api_is_booked_a_little_later(
    method: str, api: stripe.StripeClient, client: Client
) -> None:
    intent = create(api, method)
    if intent.status == "requires_action":
        client.post(f"/sandbox/authenticate/{intent.id}/", {"outcome": "complete"})
    before = api.v1.charges.list().data[0]

    drain(ahead=5)

    after = api.v1.charges.retrieve(before.id, params={"expand": ["balance_transaction"]})
    assert before.balance_transaction is None
    assert (after.balance_transaction.fee, after.balance_transaction.net) == (72, 1928)
    assert [kind for kind in event_types(api) if kind == "charge.updated"] == ["charge.updated"]


@pytest.mark.parametrize(("method", "disputes"), [("pm_card_createDispute", 1), ("pm_card_visa", 0)])
def test_a_payment_that_is_disputed_at_once_is_notified_after_the_dispute(
    method: str, disputes: int, api: stripe.StripeClient
) -> None:
    create(api, method)
    drain(ahead=1.5)

    events = api.v1.events.list().data[::-1]
    begun = ["charge.dispute.created", "charge.dispute.funds_withdrawn"] * disputes
    expected = ["payment_intent.created", "charge.succeeded", *begun, "payment_intent.succeeded"]
    assert [event.type for event in events] == expected
    assert events[-1].request.id == events[0].request.id
    assert events[-1].data.object["status"] == "succeeded"
