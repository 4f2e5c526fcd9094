"""The same stories over HTTP and in process: stripe-python does not notice the difference."""

from __future__ import annotations

import pytest
import stripe
from django.conf import settings
from django.test import Client

from stripe_sandbox.testing import pay, signed_deliveries
from tests.stripe_sandbox.stage.calls import CHARGE, line, session
from tests.stripe_sandbox.stage.server import Server


class Stories:
    """What a client of Stripe's does; the two classes below say how it reaches the sandbox."""

    def test_a_charge_is_made_found_described_and_refunded(self, client_of: stripe.StripeClient) -> None:
        api = client_of.v1

        charge = api.charges.create(params={**CHARGE, "metadata": {"order": "7"}})
        api.charges.update(charge.id, params={"description": "A shirt", "metadata": {"order": "", "note": "x"}})
        refund = api.refunds.create(params={"charge": charge.id, "amount": 500})
        found = api.charges.retrieve(charge.id, params={"expand": ["balance_transaction", "refunds"]})

        assert (charge.status, charge.paid, charge.source.last4) == ("succeeded", True, "4242")
        assert (found.description, found.metadata.to_dict()) == ("A shirt", {"note": "x"})
        assert (found.amount_refunded, found.refunded, found.refunds.data[0].id) == (500, False, refund.id)
        assert (found.balance_transaction.amount, found.balance_transaction.fee) == (2000, 72)
        assert found.balance_transaction.net == 1928

    def test_a_session_is_opened_read_changed_and_expired(self, client_of: stripe.StripeClient) -> None:
        api = client_of.v1.checkout.sessions

        made = api.create(params=session(line_items=[line(quantity=2), line(30000, name="テスト決済")]))
        api.update(made.id, params={"metadata": {"a": "b"}})
        found = api.retrieve(made.id, params={"expand": ["line_items.data.price.product"]})
        lines = api.line_items.list(made.id, params={"limit": 1})
        ended = api.expire(made.id)

        assert made.id.startswith("cs_test_a1")
        assert f"/c/pay/{made.id}#fid" in made.url
        assert (made.payment_intent, made.customer, made.payment_status) == (None, None, "unpaid")
        assert (found.amount_total, found.metadata.to_dict()) == (34000, {"a": "b"})
        assert [item.price.product.name for item in found.line_items.data] == ["T-shirt", "テスト決済"]
        assert (len(lines.data), lines.has_more) == (1, True)
        assert (ended.status, ended.url) == ("expired", None)
        with pytest.raises(stripe.InvalidRequestError, match='Only Checkout Sessions with a status in \\["open"\\]'):
            api.expire(made.id)

    def test_lists_are_newest_first_and_page_both_ways(self, client_of: stripe.StripeClient) -> None:
        api = client_of.v1
        customer = api.customers.create(params={"email": "list@b.example", "source": "tok_visa"})
        made = [api.charges.create(params={**CHARGE, "source": None, "customer": customer.id}).id for _ in range(5)]
        mine = {"customer": customer.id, "limit": 2}

        paged = [charge.id for charge in api.charges.list(params=mine).auto_paging_iter()]
        after = api.charges.list(params={**mine, "starting_after": made[3]})
        before = api.charges.list(params={**mine, "ending_before": made[1]})
        late = api.charges.list(params={"customer": customer.id, "created": {"gt": customer.created + 60}})

        assert paged == made[::-1]
        assert ([charge.id for charge in after.data], after.has_more) == ([made[2], made[1]], True)
        assert ([charge.id for charge in before.data], before.has_more) == ([made[3], made[2]], True)
        assert late.data == []

    def test_an_intent_is_confirmed_with_a_card_by_name(self, client_of: stripe.StripeClient) -> None:
        params = {"amount": 2000, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}

        intent = client_of.v1.payment_intents.create(
            params={**params, "return_url": "https://a.example/", "expand": ["latest_charge"]}
        )

        assert (intent.status, intent.amount_received) == ("succeeded", 2000)
        assert intent.latest_charge.payment_intent == intent.id
        assert intent.id[3:19] == intent.latest_charge.id[3:19]

    def test_a_key_makes_one_charge_and_says_when_it_repeats(self, client_of: stripe.StripeClient) -> None:
        key = {"idempotency_key": f"order-{client_of.v1.customers.create(params={}).id}"}

        first = client_of.v1.charges.create(params=CHARGE, options=key)
        second = client_of.v1.charges.create(params=CHARGE, options=key)
        with pytest.raises(stripe.IdempotencyError, match="Keys for idempotent requests can only be used with"):
            client_of.v1.charges.create(params={**CHARGE, "amount": 2001}, options=key)

        assert first.id == second.id
        assert "Idempotent-Replayed" not in first.last_response.headers
        assert second.last_response.headers["Idempotent-Replayed"] == "true"
        assert second.last_response.headers["Original-Request"] == first.last_response.headers["Request-Id"]

    def test_a_decline_is_replayed_too(self, client_of: stripe.StripeClient) -> None:
        key = {"idempotency_key": f"order-{client_of.v1.customers.create(params={}).id}"}
        seen = []
        for _ in range(2):
            with pytest.raises(stripe.CardError) as caught:
                client_of.v1.charges.create(params={**CHARGE, "source": "tok_chargeDeclined"}, options=key)
            seen.append(caught.value.error.charge)

        assert seen[0] == seen[1]

    def test_events_name_what_was_done_and_its_request(self, client_of: stripe.StripeClient) -> None:
        charge = client_of.v1.charges.create(params=CHARGE, options={"idempotency_key": "told-" + id_of(client_of)})
        client_of.v1.charges.update(charge.id, params={"description": "new"})

        updated, succeeded = client_of.v1.events.list(params={"type": "charge.*", "limit": 2}).data
        found = client_of.v1.events.retrieve(succeeded.id)

        assert (succeeded.type, succeeded.data.object.id, succeeded.livemode) == ("charge.succeeded", charge.id, False)
        assert succeeded.request.idempotency_key.startswith("told-")
        assert succeeded.request.id == charge.last_response.headers["Request-Id"]
        assert succeeded.api_version == stripe.api_version
        assert updated.data.previous_attributes.to_dict() == {"description": None}
        assert found.id == succeeded.id


def id_of(client: stripe.StripeClient) -> str:
    """Return something that was never seen before."""
    return client.v1.customers.create(params={}).id


@pytest.mark.django_db(databases="__all__")
class TestInProcess(Stories):
    """By the client that needs no network."""

    @pytest.fixture
    def client_of(self, api: stripe.StripeClient) -> stripe.StripeClient:
        return api


class TestOverHttp(Stories):
    """By stripe-python's own client, to a sandbox that runs alone."""

    @pytest.fixture
    def client_of(self, server: Server) -> stripe.StripeClient:
        return server.api


@pytest.mark.django_db(databases="__all__")
def test_a_hosted_card_payment_has_its_events_in_the_order_that_stripe_was_seen_to_use(
    api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.checkout.sessions.create(params=session(payment_intent_data={"metadata": {"order": "7"}}))

    answer = pay(client.post, made.url)
    at_once = heard()
    later = [body for body, _ in signed_deliveries(ahead=5)]
    done = api.v1.checkout.sessions.retrieve(made.id, params={"expand": ["payment_intent.latest_charge"]})

    assert (answer.status_code, answer["Location"]) == (303, f"https://shop.example/success?session_id={made.id}")
    assert [event.type for event in at_once] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "payment_intent.created",
        "checkout.session.completed",
    ]
    assert [event.id[:5] for event in at_once] == ["evt_3", "evt_3", "evt_3", "evt_1"]
    assert b'"type": "charge.updated"' in later[0]
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert done.customer_details.email == "hanako@example.com"
    assert done.payment_intent.latest_charge.metadata.to_dict() == {"order": "7"}
    assert done.payment_intent.latest_charge.balance_transaction.startswith("txn_3")


def heard() -> list[stripe.Event]:
    """Return the events that are due at the endpoint now, verified."""
    secret = settings.STRIPE_SANDBOX["WEBHOOK_SECRET"]
    return [
        stripe.Webhook.construct_event(body, sent["Stripe-Signature"], secret) for body, sent in signed_deliveries()
    ]
