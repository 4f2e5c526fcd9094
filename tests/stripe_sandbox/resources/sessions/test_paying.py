"""What happens on the hosted page."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.testing import pay
from tests.stripe_sandbox.stage.calls import session

pytestmark = pytest.mark.django_db(databases="__all__")


def paid(api: stripe.StripeClient, client: Client, **more: object) -> stripe.checkout.Session:
    made = api.v1.checkout.sessions.create(params=session(**more))
    assert pay(client.post, made.url).status_code == 303
    return api.v1.checkout.sessions.retrieve(made.id, params={"expand": ["payment_intent.latest_charge"]})


def test_what_the_shop_says_of_the_payment_is_on_intent_and_charge(api: stripe.StripeClient, client: Client) -> None:
    data = {
        "description": "A shirt",
        "metadata": {"order": "7"},
        "receipt_email": "a@b.example",
        "shipping": {"name": "Hanako", "address": {"line1": "1-2-3"}},
        "transfer_group": "one",
    }

    intent = paid(api, client, payment_intent_data=data).payment_intent

    for shown in (intent, intent.latest_charge):
        assert (shown.description, shown.metadata.to_dict()) == ("A shirt", {"order": "7"})
        assert (shown.receipt_email, shown.transfer_group) == ("a@b.example", "one")
        assert shown.shipping.address.line1 == "1-2-3"


def test_a_customer_is_made_only_if_asked_for(api: stripe.StripeClient, client: Client) -> None:
    guest = paid(api, client)
    known = paid(api, client, customer_creation="always")

    assert guest.customer is None
    assert known.customer == known.payment_intent.customer == known.payment_intent.latest_charge.customer
    assert api.v1.customers.retrieve(known.customer).email == "hanako@example.com"


@pytest.mark.parametrize("given", [True, False])
def test_a_card_is_kept_for_the_customer_or_a_new_one(api: stripe.StripeClient, client: Client, given: bool) -> None:
    who = {"customer": api.v1.customers.create().id} if given else {}

    made = paid(api, client, payment_intent_data={"setup_future_usage": "off_session"}, **who)

    (kept,) = api.v1.customers.payment_methods.list(made.customer).data
    assert made.payment_method_types == ["card"]
    assert (kept.id, kept.customer) == (made.payment_intent.payment_method, made.payment_intent.customer)
    assert made.customer == who.get("customer", made.customer)


def test_one_intent_is_tried_until_it_is_paid(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session())
    for number in ("4000000000000002", "4000000000009995"):
        assert pay(client.post, made.url, cardNumber=number).status_code == 402
    pay(client.post, made.url)

    (intent,) = api.v1.payment_intents.list().data
    charges = api.v1.charges.list(params={"payment_intent": intent.id}).data
    assert [charge.status for charge in charges] == ["succeeded", "failed", "failed"]
    assert intent.latest_charge == charges[0].id


def test_a_voucher_is_paid_once(api: stripe.StripeClient, client: Client) -> None:
    made = api.v1.checkout.sessions.create(params=session())
    pay(client.post, made.url, paymentMethod="konbini", email="fill_never@b.example")
    intent = api.v1.payment_intents.list().data[0].id

    for action in ("voucher_paid", "voucher_paid", "voucher_expired"):
        client.post(f"/sandbox/payments/{intent}/act/", {"action": action})

    (charge,) = api.v1.charges.list().data
    assert charge.id.startswith("py_3")
    assert charge.payment_method_details.type == "konbini"
    assert api.v1.checkout.sessions.retrieve(made.id).payment_status == "paid"
